"""Log lines whose texts try to become markup, script, style, or to turn the reader's eye."""

import json
import os

# Always tried; larger public lists are added where they stand beside the checkout.
STRINGS = [
    "<script>alert(1)</script>", "</script><script>alert(2)</script>", "<!--<script>", "]]><script>alert(3)</script>",
    "<img src=x onerror=alert(4)>", "\"><svg onload=alert(5)>", "' onmouseover='alert(6)", "javascript:alert(7)",
    "</style><style>*{display:none}</style>", "</title><script>alert(8)</script>", "<base href=//evil.example/>",
    "<iframe srcdoc='<script>alert(9)</script>'>", "&lt;script&gt;alert(10)&lt;/script&gt;", "&#x3C;b&#x3E;",
    "{{constructor.constructor('alert(11)')()}}", "${alert(12)}", "`${alert(13)}`", "\\u003cscript\\u003e",
    "__proto__", "constructor", "toString", "hasOwnProperty", "null", "undefined", "NaN", "-1e999",
    "\u2028alert(14)\u2029", "\u202Egnp.exe", "\u2066left\u2069", "\u200Bzero\u200Dwidth\uFEFF", "\u061Cmark",
    "tab\there", "line\nbreak\r\n", "bell\u0007\u001b[31mred\u001b[0m", "\u009b31m", "nul\u0000byte",
    "Z̸̡̛͎͓a̶̛̫lgo", "ﷺ" * 8, "😀" * 20, "a" * 900, "/very/long/" + "segment/" * 60, "=cmd|' /C calc'!A0", "@SUM(1+1)",
    "‮".join("reverse"), "%3Cscript%3E", "url(//evil.example/x)", "@import '//evil.example'", "expression(alert(15))",
    "#service=x&q=<b>", "?q=</script>", "->", "-->", "<![CDATA[", "<?xml?>", "\\", "\\\"", "\"", "'", "`", "a|b|c ⇢ d → e",
]


def all_strings(checkout):
    """The strings above and, where they are, the list of naughty strings and the texts of the hostile lines."""
    strings = list(STRINGS)
    corpora = os.path.join(checkout, "..", "shared", "corpora")
    naughty = os.path.join(corpora, "blns", "blns.json")
    if os.path.exists(naughty):
        with open(naughty, encoding="utf-8") as file:
            strings += [text for text in json.load(file) if text]
    else:
        print("not there, not tried: the list of naughty strings (../shared/corpora/blns)")
    return strings


def hostile_file(checkout):
    """The path of the hostile lines, or None."""
    path = os.path.join(checkout, "..", "shared", "corpora", "hostile-lines", "hostile.ndjson")
    if os.path.exists(path):
        return path
    print("not there, not tried: the hostile lines (../shared/corpora/hostile-lines)")
    return None


def write_logs(folder, strings):
    """Client and server lines with each string in every field that a stranger may fill; returns the files."""
    client = os.path.join(folder, "c<b>1.default.sleep-x.istio-proxy.log")
    server = os.path.join(folder, "ack2.default.httpbin-y.istio-proxy.log")
    with open(client, "w", encoding="utf-8") as clients, open(server, "w", encoding="utf-8") as servers:
        for number, text in enumerate(strings):
            clients.write(json.dumps(line(number, text, is_client=True)) + "\n")
            servers.write(json.dumps(line(number, text, is_client=False)) + "\n")
    return [client, server]


def line(number, text, is_client):
    second, millisecond = divmod(number * 100 + (0 if is_client else 4), 1000)
    service = "outbound|8000||httpbin.default.svc.cluster.local"
    if number % 7 == 3:
        service = f"outbound|8000||{text}"
    failed = number % 2 == 0
    return {
        "start_time": f"2026-01-01T00:{second // 60:02d}:{second % 60:02d}.{millisecond:03d}Z",
        # The first ones are the slowest and so on the page for sure.
        "duration": max(20, 5000 - number * 5) - (0 if is_client else 8), "method": text if number % 5 == 1 else "GET",
        "path": "/" + text, "protocol": "HTTP/1.1", "response_code": 503 if failed else 200,
        "response_flags": "UC" if failed else "-", "response_code_details": text, "authority": text, "user_agent": text,
        "x_forwarded_for": text, "route_name": text, "connection_termination_details": text,
        "upstream_transport_failure_reason": text, "istio_policy_status": "-",
        "request_id": f"00000000-0000-4000-8000-{number:012d}" if number % 3 else text + str(number),
        "bytes_received": 10, "bytes_sent": 20, "upstream_service_time": "10",
        "upstream_cluster": service if is_client else "inbound|80||",
        "requested_server_name": None if is_client else text,
        "upstream_host": "10.2.1.21:80" if is_client else text,
        "upstream_local_address": "10.1.1.5:40001", "downstream_local_address": "10.96.0.1:8000" if is_client else "10.2.1.21:80",
        "downstream_remote_address": "10.1.1.5:50001" if is_client else "10.1.1.5:40001",
    }
