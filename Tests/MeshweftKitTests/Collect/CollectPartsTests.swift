import Testing

@testable import MeshweftKit

@Suite struct `What collect makes of kubectl's words` {
  private static func logs(_ spec: String, labels: String = "{}", status: String = "{}") -> [ListedLog]? {
    let text =
      #"{"metadata":{"name":"p-1","namespace":"n","labels":\#(labels)},"spec":\#(spec),"status":\#(status)}"#
    return ListedLog.list(podJSON: Array(text.utf8))
  }

  @Test(arguments: [
    (
      #"{"containers":[{"name":"app","image":"app:1"},{"name":"istio-proxy","image":"x/proxyv2:1"}]}"#, "{}",
      ["istio-proxy"]
    ),
    (
      #"{"containers":[{"name":"app"}],"initContainers":[{"name":"istio-init","image":"x/proxyv2:1"},{"name":"istio-proxy","image":"x/proxyv2:1","restartPolicy":"Always"}]}"#,
      "{}", ["istio-proxy"]
    ),
    (#"{"containers":[{"name":"main","image":"r:5000/y/envoy@sha256:00"}]}"#, "{}", ["main"]),
    (#"{"containers":[{"name":"main","image":"r/envoy-gateway:1"}]}"#, "{}", []),
    (#"{"containers":[{"name":"ztunnel"}]}"#, "{}", ["ztunnel"]),
    (#"{"containers":[{"name":"gw"}]}"#, #"{"istio":"eastwestgateway"}"#, ["gw"]),
    (#"{"containers":[{"name":"gw"}]}"#, #"{"gateway.networking.k8s.io/gateway-name":"w"}"#, ["gw"]),
    (#"{"containers":[{"name":"app"}]}"#, #"{"app":"shop"}"#, []),
  ])
  func `a pod's proxies are known by container, image or label`(spec: String, labels: String, names: [String])
    throws
  {
    #expect(try #require(Self.logs(spec, labels: labels)).map(\.container) == names)
  }

  @Test func `a container that has not started has no log, one that was restarted has two`() throws {
    let spec = #"{"containers":[{"name":"istio-proxy"}]}"#
    func status(_ text: String) throws -> ListedLog {
      try #require(
        Self.logs(spec, status: #"{"containerStatuses":[{"name":"istio-proxy",\#(text)}]}"#)?.first)
    }
    #expect(try !status(#""restartCount":0,"state":{"waiting":{}}"#).hasBegun)
    #expect(try status(#""restartCount":0,"state":{"running":{}}"#).previousEnd == nil)
    let again = try status(
      #""restartCount":2,"state":{"waiting":{}},"lastState":{"terminated":{"finishedAt":"1970-01-01T00:00:07Z"}}"#
    )
    #expect(again.hasBegun && again.restarts == 2 && again.previousEnd == 7_000_000)
  }

  @Test func `a list is taken apart wherever it is cut`() throws {
    let objects = [#"{"a":"}]\"{"}"#, #"{"b":[{"c":{}}]}"#, "{}"]
    let text = Array(
      " {\"kind\":\"List\",\"metadata\":{\"x\":[{}]},\"items\": [\n\(objects.joined(separator: " ,\n"))\n]}\n"
        .utf8)
    for cut in text.indices {
      var splitter = ObjectSplitter()
      var found: [String] = []
      for piece in [text[..<cut], text[cut...]] {
        try splitter.take(piece) { found.append(String(decoding: $0, as: UTF8.self)) }
      }
      #expect(found == objects && splitter.isWhole)
    }
  }

  @Test func `an object beyond the limit is left out, and the next one is there`() throws {
    var splitter = ObjectSplitter()
    var found = 0
    try splitter.take(Array(#"{"items":[{"a":""#.utf8)[...]) { _ in found += 1 }
    let piece = [UInt8](repeating: 0x61, count: 1 << 20)
    for _ in 0..<5 { try splitter.take(piece[...]) { _ in found += 1 } }
    try splitter.take(Array(#""},{}]}"#.utf8)[...]) { _ in found += 1 }
    #expect(found == 1 && splitter.oversize == 1 && splitter.isWhole)
  }

  @Test(arguments: [
    ("password=x y", "password=… y"), ("token: abc rest", "token: … rest"), ("Bearer abc", "Bearer …"),
    ("https://user:pw@host/a", "https://…@host/a"),
    ("pod items-7d9f7c6b5-abcde is gone", "pod items-7d9f7c6b5-abcde is gone"),
    ("id " + String(repeating: "x", count: 64), "id …"),
  ])
  func `what may be secret is not shown`(said: String, shown: String) {
    #expect(Secrets.masked(said) == shown)
  }

  @Test(arguments: [
    (#"Error from server (Forbidden): pods is forbidden: User "x" cannot list"#, KubectlFailure.forbidden),
    ("The connection to the server 127.0.0.1:1 was refused - connection refused", .unreachable),
    (#"Error from server (NotFound): pods "x" not found"#, .gone),
    (#"error: context "x" does not exist"#, .unknownContext),
    ("error: You must be logged in to the server (Unauthorized)", .unauthorized),
    (#"Error from server (BadRequest): previous terminated container "c" in pod "p" not found"#, .noPrevious),
    (
      #"Error from server (BadRequest): container "c" in pod "p" is waiting to start: ContainerCreating"#,
      .notStarted
    ),
  ])
  func `kubectl's words have a meaning`(said: String, failure: KubectlFailure) {
    #expect(KubectlFailure(errors: "warning: old\n\(said)\n", .exited(1)) == failure)
  }
}
