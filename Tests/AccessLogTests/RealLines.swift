import AccessLog

/// Real access-log lines, one per body form; where each is from is said beside it.
enum RealLines {
  /// elastic/integrations, packages/istio, test-access-logs.log
  static let istioText = #"""
    [2022-08-22T13:08:23.188Z] "GET /reviews/0 HTTP/1.1" 200 - via_upstream - "-" 0 442 12 12 "-" "curl/7.79.1" "00bcf1d7-12c4-93b9-b36a-bc0faac8e428" "reviews:9080" "10.124.1.5:9080" outbound|9080||reviews.default.svc.cluster.local 10.124.2.6:50960 10.0.18.132:9080 10.124.2.6:52930 - default
    """#
  /// The same with IPv6 addresses (edited so by its authors).
  static let istioTextIPv6 = #"""
    [2022-08-22T13:20:22.460Z] "GET /ratings/0 HTTP/1.1" 200 - via_upstream - "-" 0 48 1 0 "-" "curl/7.79.1" "72f12c1b-8a44-9a62-b28e-2296da5b1118" "ratings:9080" "[2a02:cf40::7]:3000" inbound|9080|| 127.0.0.6:38951 10.124.0.11:9080 [2a02:cf40::4e36]:5000 outbound_.9080_._.ratings.default.svc.cluster.local default
    """#
  /// kiali/kiali, tests/data/logs/waypoint.log (without its timestamp)
  static let waypointText = #"""
    [2025-01-30T10:53:16.279Z] "GET /details/0 HTTP/1.1" 200 - via_upstream - "-" 0 178 0 0 "-" "Go-http-client/1.1" "980435c4-7a97-9b78-96c9-dfa19ef8aacc" "details:9080" "envoy://connect_originate/10.244.0.32:9080" inbound-vip|9080|http|details.bookinfo.svc.cluster.local envoy://internal_client_address/ 10.96.185.196:9080 10.244.0.37:52134 - default
    """#
  /// nitishm/engarde, README and pull request 8: Envoy 2016, Istio 1.1, Istio 1.5 TCP.
  static let envoyText = #"""
    [2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "locations" "tcp://10.0.2.1:80"
    """#
  static let istio11Text = #"""
    [2019-09-03T05:37:41.341Z] "GET /index HTTP/1.1" 200 - "-" 148 171 4 3 "-" "-" "c0ce81db-4f5a-9134-8a5c-f8c076c91652" "hello-world" "192.168.89.50:9001" outbound|80||hello-world.default.svc.cluster.local - 10.97.86.53:80 192.168.167.113:39953 -
    """#
  static let tcpText = #"""
    [2020-05-19T19:53:38.151Z] "- - -" 0 - "-" "-" 2279 3059 63 - "-" "-" "-" "-" "1.2.3.4:443" PassthroughCluster 10.0.0.93:37018 1.2.3.4:443 10.0.0.93:39849 - -
    """#
  /// An Envoy with response_code_details, from a public document (without its compose prefix).
  static let envoyDetailsText = #"""
    [2024-07-20T07:09:48.470Z] "GET /upstream-connection-failure HTTP/1.1" 503 UF upstream_reset_before_response_started{connection_failure,delayed_connect_error:_111} 0 145 0 - "-" "curl/8.4.0" "44898dba-8d8e-48f4-93f7-23e4b4c592c0" "localhost:8000" "172.28.0.2:801"
    """#
  /// kiali/kiali, business/workloads_test.go: a timestamp was inserted into upstream_host.
  static let brokenText = #"""
    [2021-02-01T21:34:35.533Z] "GET /hotels/Ljubljana HTTP/1.1" 200 - via_upstream - "-" 0 99 14 14 "-" "Go-http-client/1.1" "7e7e2dd0-0a96-4535-950b-e303805b7e27" "hotels.travel-agency:8000" "127.0.2021-02-01T21:34:38.761055140Z 0.1:8000" inbound|8000|| 127.0.0.1:33704 10.129.0.72:8000 10.128.0.79:39880 outbound_.8000_._.hotels.travel-agency.svc.cluster.local default
    """#
  /// The client side and the cross-network proxy, Alibaba ASM (addresses masked by whoever published them).
  static let asmJSON = #"""
    {"authority_for":"httpbin:8000","bytes_received":"0","bytes_sent":"135","downstream_local_address":"xxx.xxx.xxx.xx:8000","downstream_remote_address":"xx.x.xxx.xxx:xxxxx","duration":"7","istio_policy_status":"-","method":"GET","path":"/status/418","protocol":"HTTP/1.1","request_id":"08dc43e9-60c8-4f2f-910a-b727172ce311","requested_server_name":"-","response_code":"418","response_flags":"-","route_name":"default","start_time":"2024-05-23T10:06:27.289Z","trace_id":"-","upstream_cluster":"outbound|8000||httpbin.default.svc.cluster.local","upstream_host":"xxx.xx.xxx.xxx:15443","upstream_local_address":"xx.x.xxx.xxx:60248","upstream_response_time":"7","upstream_service_time":"7","upstream_transport_failure_reason":"-","user_agent":"curl/8.1.2","x_forwarded_for":"-"}
    """#
  static let asmTCPJSON = #"""
    {"authority_for":"-","bytes_received":"xxxx","bytes_sent":"xxxx","downstream_local_address":"xx.xx.x.xx:15443","downstream_remote_address":"xx.xx.xx.xx:xxxxx","duration":"1568569","istio_policy_status":"-","method":"-","path":"-","protocol":"-","request_id":"-","requested_server_name":"outbound_.8000_._.httpbin.default.svc.cluster.local","response_code":"0","response_flags":"-","route_name":"-","start_time":"2024-05-23T08:41:16.618Z","trace_id":"-","upstream_cluster":"outbound_.8000_._.httpbin.default.svc.cluster.local","upstream_host":"xx.xx.xx.xxx:80","upstream_local_address":"xx.x.xx.xx:xxxxx","upstream_response_time":"-","upstream_service_time":"-","upstream_transport_failure_reason":"-","user_agent":"-","x_forwarded_for":"-"}
    """#
  /// elastic/integrations, packages/istio, test-access-json-logs.log
  static let istioJSON = #"""
    {"authority":"reviews:9080","bytes_received":0,"bytes_sent":358,"connection_termination_details":null,"downstream_local_address":"10.124.1.5:9080","downstream_remote_address":"10.124.0.13:43612","duration":15,"method":"GET","path":"/reviews/0","protocol":"HTTP/1.1","request_id":"9fcc7101-13bd-9753-98d6-820806088d9d","requested_server_name":"outbound_.9080_._.reviews.default.svc.cluster.local","response_code":200,"response_code_details":"via_upstream","response_flags":"-","route_name":"default","start_time":"2022-09-08T12:51:05.656Z","upstream_cluster":"inbound|9080||","upstream_host":"10.124.1.5:9080","upstream_local_address":"127.0.0.6:37685","upstream_service_time":"14","upstream_transport_failure_reason":null,"user_agent":"curl/7.79.1","x_forwarded_for":null}
    """#
}

extension String {
  var bytes: [UInt8] { Array(utf8) }
}

/// A line's values as text, for tests to compare.
func value(_ field: Field, of table: FieldCopy, in line: [UInt8]) -> String? {
  let slice = table[field]
  return slice.kind == .absent ? nil : String(decoding: line[slice.range], as: UTF8.self)
}

/// What a table held, copied: tables themselves cannot be.
struct FieldCopy: Equatable {
  private let slices: [FieldSlice]
  let hasDuplicateKey: Bool

  init(_ table: borrowing FieldTable) {
    slices = Field.allCases.map { table[$0] }
    hasDuplicateKey = table.hasDuplicateKey
  }

  subscript(field: Field) -> FieldSlice { slices[Int(field.rawValue)] }
}
