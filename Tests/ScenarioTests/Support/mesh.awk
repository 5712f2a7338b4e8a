# Writes the logs of a small mesh, one flow per line of input: what one client sends over one connection.
#
#   CLIENT PROXY POD HOST FROM EVERY COUNT [TOOK [CODE [FLAGS]]]
#
# A client in ack1 calls shop.default:8000 in ack2, COUNT times from FROM milliseconds after 02:15:00, EVERY so many
# milliseconds; a request takes TOOK (20) milliseconds, 8 of them on the way there and back, and ends with CODE (200)
# and FLAGS (-). PROXY is the cross-network proxy that carries the connection to HOST, `-` for none: the client calls
# HOST itself. POD is whose log tells of HOST, `-` for none; both `-`: nobody but the client knows.
#
#   awk -f mesh.awk [-v folder=logs] [-v skew=MILLISECONDS that ack2's clock is ahead] FLOWS
function at(ms,   s) {
  s = int(ms / 1000)
  return sprintf("2026-11-23T%02d:%02d:%02d.%03dZ", 2 + int((s + 900) / 3600), int((s + 900) / 60) % 60, s % 60, ms % 1000)
}

function line(cluster, pod, start, took, rest) {
  printf "{\"start_time\":\"%s\",\"duration\":%d,%s}\n", at(start), took, rest > \
    (folder "/" cluster "." (pod ~ /border/ ? "istio-system" : "default") "." pod ".istio-proxy.log")
}

BEGIN {
  if (folder == "") folder = "."
  service = "shop.default.svc.cluster.local"
  sni = "outbound_.8000_._." service
}

NF && $1 !~ /^#/ {
  flow++
  took = $8 == "" ? 20 : $8
  code = $9 == "" ? 200 : $9
  flags = $10 == "" ? "-" : $10
  if (!($1 in clients)) clients[$1] = ++clientCount
  if (!($2 in proxies)) proxies[$2] = ++proxyCount
  client = "10.1.0." clients[$1] ":" 40000 + flow
  peer = $2 == "-" ? client : "10.2.0." proxies[$2] ":" 50000 + flow
  called = $2 == "-" && $3 != "-" ? $4 : "203.0.113.10:15443"
  for (n = 0; n < $7; n++) {
    start = $5 + n * $6
    request = sprintf("\"method\":\"GET\",\"path\":\"/item/%d\",\"protocol\":\"HTTP/1.1\",\"request_id\":\"%08x-0000-4000-8000-%012x\",\"user_agent\":\"shopper\",\"authority\":\"shop:8000\",\"bytes_received\":0,\"bytes_sent\":100", n, flow, n)
    answer = sprintf("\"response_code\":%d,\"response_flags\":\"%s\"", code, flags)
    line("ack1", $1, start, took, request "," answer ",\"upstream_host\":\"" called "\",\"upstream_cluster\":\"outbound|8000||" service "\",\"upstream_local_address\":" ($3 == "-" && $2 == "-" ? "null" : "\"" client "\"") ",\"downstream_local_address\":\"172.20.0.10:8000\",\"downstream_remote_address\":\"127.0.0.1:" 30000 + flow "\"")
    if ($3 != "-")
      line("ack2", $3, start + 4 + skew, took - 8, request "," answer ",\"upstream_host\":\"127.0.0.1:80\",\"upstream_cluster\":\"inbound|80||\",\"upstream_local_address\":\"127.0.0.6:" 20000 + flow "\",\"downstream_local_address\":\"" $4 "\",\"downstream_remote_address\":\"" peer "\",\"requested_server_name\":\"" sni "\"")
  }
  if ($2 != "-")
    line("ack2", $2, $5 - 8 + skew, $7 * $6 + 30, "\"response_code\":0,\"response_flags\":\"-\",\"bytes_received\":" 4600 + 1051 * $7 ",\"bytes_sent\":" 6900 + 1072 * $7 ",\"upstream_host\":\"" $4 "\",\"upstream_cluster\":\"" sni "\",\"upstream_local_address\":\"" peer "\",\"downstream_local_address\":\"10.2.0.9:15443\",\"downstream_remote_address\":\"198.51.100.7:" 60000 - flow "\",\"requested_server_name\":\"" sni "\"")
}
