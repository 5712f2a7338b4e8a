import Foundation
import TestSupport
import Testing

/// A kubectl that fails in every way.
@Suite struct `Collecting with a kubectl that` {
  /// A list of one pod, and a line of its log.
  private static func pod(_ name: String) -> String {
    """
    {"metadata":{"name":"\(name)","namespace":"shop"},"spec":{"containers":[{"name":"istio-proxy"}]},\
    "status":{"containerStatuses":[{"name":"istio-proxy","restartCount":0,"state":{"running":{}}}]}}
    """
  }
  private static let list = #"{"kind":"List","items":[\#(pod("items-1"))]}"#
  private static let line =
    #"2026-11-23T02:00:00.006Z {"start_time":"2026-11-23T02:00:00.000Z","method":"GET","path":"/","response_code":200,"duration":5,"request_id":"one","authority":"items"}"#

  /// Runs it with a script in place of kubectl, to which `$verb` is `get` or `logs`.
  private func collect(
    _ script: String, _ more: [String] = [], in folder: ScratchFolder
  ) throws -> ChildProcess {
    let text = """
      #!/bin/bash
      printf '%s\\n' "$@" >>"\(folder.path)/arguments"
      verb=$2
      list() { cat "\(folder.path)/list.json"; }
      line() { cat "\(folder.path)/line.txt"; }
      \(script)
      """
    if !Checkout.exists(folder.file("list.json")) { try folder.write("list.json", Self.list) }
    try folder.write("line.txt", Self.line + "\n")
    let program = try folder.write("kubectl", text)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    return try Meshweft.start(["collect", "--context", "ack1", "--kubectl", program] + more, in: folder)
  }

  private func hops(_ folder: ScratchFolder) throws -> Int {
    try Meshweft.run(["hops", "-o", "ndjson"], in: folder).output.count { $0 == 0x0A }
  }

  @Test func `works is read`() throws {
    let folder = try ScratchFolder()
    let outcome = try collect("[[ $verb == get ]] && list || line", in: folder).wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try hops(folder) == 1)
  }

  @Test func `is not there ends it, without a database`() throws {
    let folder = try ScratchFolder()
    let outcome = try Meshweft.run(
      ["collect", "--context", "ack1", "--kubectl", "/nowhere/kubectl"], in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("/nowhere/kubectl is not there"))
    #expect(!Checkout.exists(folder.file("meshweft.db")))
  }

  @Test func `says no is quoted, without what may be secret`() throws {
    let token = String(repeating: "aB3", count: 20)
    let script = "echo 'error: token=hunter2 Bearer abc \(token) is wrong' >&2; exit 1"
    let folder = try ScratchFolder()
    let outcome = try collect(script, in: folder).wait()
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("kubectl says: error: token=…"))
    for secret in ["hunter2", "abc", token] { #expect(!outcome.errorText.contains(secret)) }
  }

  @Test func `may not list all namespaces lists the context's own`() throws {
    let folder = try ScratchFolder()
    let script = """
      [[ $* == *--all-namespaces* ]] && { echo 'Error from server (Forbidden): pods is forbidden' >&2; exit 1; }
      [[ $verb == get ]] && list || line
      """
    let outcome = try collect(script, in: folder).wait()
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("ack1: pods of all namespaces: you may not read these pods"))
    #expect(try hops(folder) == 1)
  }

  @Test(arguments: ["head -c 300000 /dev/urandom", "echo hello", "printf '{\"items\":[{'", "echo '[]'"])
  func `prints something else than pods fails`(script: String) throws {
    let folder = try ScratchFolder()
    let outcome = try collect(script, in: folder).wait()
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("something else than a list of pods"), "\(outcome.errorText)")
  }

  @Test func `asks the user to log in is heard while it waits`() throws {
    let folder = try ScratchFolder()
    let script = """
      [[ $verb == get ]] || { line; exit; }
      echo 'To sign in, open https://example.com/devicelogin and enter ABCD1234' >&2
      sleep 4
      list
      """
    let outcome = try collect(script, in: folder).wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(
      outcome.errorText.contains(
        "ack1: kubectl says: To sign in, open https://example.com/devicelogin and enter ABCD1234"))
    #expect(try hops(folder) == 1)
  }

  @Test func `is killed in the middle of a line is asked again, and the line is there once`() throws {
    let folder = try ScratchFolder()
    let script = """
      [[ $verb == get ]] && { list; exit; }
      mkdir "\(folder.path)/tried" 2>/dev/null && { line; line | head -c 60; kill -9 $$; }
      line
      """
    let outcome = try collect(script, in: folder).wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("1 stored + 1 duplicate"))
    #expect(try hops(folder) == 1)
  }

  @Test func `is killed each time is given up, and the other log is read`() throws {
    let folder = try ScratchFolder()
    try folder.write("list.json", #"{"items":[\#(Self.pod("items-1")),\#(Self.pod("items-2"))]}"#)
    let script = "[[ $verb == get ]] && list && exit; [[ $4 == items-1 ]] && kill -9 $$; line"
    let outcome = try collect(script, in: folder).wait()
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("shop/items-1, container istio-proxy: kubectl was killed"))
    #expect(try hops(folder) == 1)
  }

  @Test func `writes errors without end is read all the same`() throws {
    let folder = try ScratchFolder()
    let script = "head -c 5000000 /dev/zero >&2; [[ $verb == get ]] && list || line"
    #expect(try collect(script, in: folder).wait().status == 0)
    #expect(try hops(folder) == 1)
  }

  @Test func `writes a line without end takes no memory for it`() throws {
    let folder = try ScratchFolder()
    let script = "[[ $verb == get ]] && { list; exit; }; line; head -c 20000000 /dev/zero; echo; line"
    let outcome = try collect(script, in: folder).wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("2 stored + 0 duplicate + 0 skipped + 1 rejected"))
  }

  @Test(arguments: ["get", "logs"]) func `hangs is ended by Ctrl-C, with all that it started`(verb: String)
    throws
  {
    let folder = try ScratchFolder()
    let script = """
      [[ $verb != \(verb) ]] && { list; exit; }
      sleep 1000 & echo $! >"\(folder.path)/sleeper"
      wait
      """
    let child = try collect(script, in: folder)
    let deadline = Date.now + ChildProcess.patience
    while (try? folder.bytes("sleeper"))?.last != 0x0A, Date.now < deadline {
      Thread.sleep(forTimeInterval: 0.05)
    }
    let sleeper = try #require(pid_t(String(decoding: folder.bytes("sleeper"), as: UTF8.self).dropLast()))
    child.signal(SIGINT)
    #expect(try child.wait().status == 130)
    while kill(sleeper, 0) == 0, Date.now < deadline { Thread.sleep(forTimeInterval: 0.05) }
    #expect(kill(sleeper, 0) != 0, "it is still there")
  }

  @Test func `lists pods of odd names is asked for none of these`() throws {
    let folder = try ScratchFolder()
    let names = ["--kubeconfig=/tmp/x", "a;b", "-x", "a b", #"\u001b[2J"#, "../x", ""]
    try folder.write(
      "list.json", #"{"items":[\#((names + ["items-1"]).map(Self.pod).joined(separator: ","))]}"#)
    let outcome = try collect("[[ $verb == get ]] && list || line", in: folder).wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("7 pods left out"))
    let arguments = String(decoding: try folder.bytes("arguments"), as: UTF8.self)
    #expect(arguments.split(separator: "\n").filter { $0 == "logs" }.count == 1)
  }

  @Test func `gets a context's name of any kind as one argument`() throws {
    let folder = try ScratchFolder()
    let odd = "x; touch \(folder.path)/touched $(id)"
    let outcome = try collect("[[ $verb == get ]] && list || line", ["--context", odd], in: folder).wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(!Checkout.exists(folder.file("touched")))
    let arguments = String(decoding: try folder.bytes("arguments"), as: UTF8.self)
    #expect(arguments.contains("--context=\(odd)\n"))
  }

  @Test func `would be run is only shown by --dry-run, for a shell`() throws {
    let folder = try ScratchFolder()
    let outcome = try Meshweft.run(
      ["collect", "--context", "it's me", "-n", "shop", "--since", "1h", "--dry-run"], in: folder)
    #expect(outcome.status == 0)
    #expect(
      outcome.outputText.hasPrefix(
        #"kubectl '--context=it'\''s me' get pods --namespace=shop --output=json --chunk-size=500"#))
    #expect(outcome.outputText.contains("--since=3600s"))
    #expect(!Checkout.exists(folder.file("meshweft.db")))
  }

  @Test(arguments: [
    [], ["--context", ""], ["--context", "a=", "--dry-run"], ["--context", "a", "--context", "a"],
    ["--context", "a", "--context", "b=a"], ["--context", "a", "--since", "soon"],
    ["--context", "a", "-n", "A;b"], ["--context", "a", "--parallel", "0"],
  ])
  func `would be asked for what makes no sense is not run`(arguments: [String]) throws {
    let outcome = try Meshweft.run(["collect"] + arguments, in: ScratchFolder())
    #expect(outcome.status == 64, "\(outcome.errorText)")
  }
}
