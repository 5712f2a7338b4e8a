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
    #expect(try !status(#""restartCount":0,"state":{"running":{}}"#).hasPrevious)
    let again = try status(
      #""restartCount":2,"state":{"waiting":{}},"lastState":{"terminated":{"finishedAt":"1970-01-01T00:00:07Z"}}"#
    )
    #expect(again.hasBegun && again.run.restarts == 2 && again.hasPrevious && again.hasEnded)
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
    (#"{"access_token":"ya29.x","expires_in":3599}"#, #"{"access_token":"…","expires_in":…"#),
    ("error: Authorization: Basic YTpi", "error: Authorization: …"),
    ("login --client-secret s3cr3t --user jane", "login --client-secret … --user jane"),
    ("to http://localhost:8000/?code=0.AX&state=x", "to http://localhost:8000/?code=…&state=x"),
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

  @Test(arguments: [
    (
      "Unable to connect to the server: getting credentials: exec: executable gke-auth not found\n\nInstall gke-auth\n",
      "exec: executable gke-auth not found; Install gke-auth"
    ),
    (
      "AADSTS700082: it has expired\nE1201 15:51:57.504934   31546 memcache.go:265] getting credentials: x\nUnable to connect to the server: getting credentials: exec: executable az failed with exit code 1\n",
      "exec: executable az failed with exit code 1; AADSTS700082: it has expired"
    ),
  ])
  func `a credential plugin's words are shown, and no cluster is said to know one not`(
    said: String, shown: String
  ) {
    #expect(KubectlFailure(errors: said, .exited(1)) == .noCredentials(text: shown))
  }

  @Test func `a list that is not there has not gone away`() {
    let said = "Error from server (NotFound): the server could not find the requested resource\n"
    let failure = KubectlFailure(errors: said, .exited(1)).ofList(said)
    #expect(failure.description(of: "these pods").contains("could not find the requested resource"))
  }

  @Test func `what the kubelet says in the place of a log is told from half a line`() {
    func end(_ text: String) -> TornEnd {
      var end = TornEnd()
      // Safe: the bytes are read before the closure returns.
      unsafe Array(text.utf8).withUnsafeBytes { unsafe end.add($0) }
      return end
    }
    #expect(
      end("failed to create fsnotify watcher: too many open files").kubeletsWords?.hasPrefix("failed") == true
    )
    for half in ["2026-12-01T15:00:00.000000001Z {\"a", "2026-12-0", "2", ""] {
      #expect(end(half).kubeletsWords == nil)
    }
  }
}
