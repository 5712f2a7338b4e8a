import TestSupport
import Testing

/// Names of logs, pods and services that a terminal would obey, through the program itself: what it prints on either
/// stream is text.
@Suite struct `Hostile names` {
  private static let name = "a\u{1B}[31mck.d\u{202E}ef.sleep\r-1.istio-proxy.log"
  private static let line =
    #"{"start_time":"2026-11-23T02:20:20Z","method":"GET","path":"/\u001b[2J","request_id":"\u001b]0;x\u0007","#
    + #""authority":"\u202ea","response_code":503,"response_flags":"UF","duration":5,"upstream_host":"\u001b[1m:1","#
    + #""upstream_cluster":"outbound|80||\u001b[31m\u009b1m.svc"}"#

  private static let commands = [
    "hops", "sources", "paths", "load", "imbalance", "traces", "clocks", "doctor", "metrics", "graph",
    "check",
    "correlate --all", "export traces", "query legs", "hops --since 5m", "paths --since 1m",
    "imbalance --fail-on max-mean=1",
    "trace $'\\e]0;x\\a'", "trace $'\\e[31mnone-such'", "hops --status $'\\e[31m'", "hops --db $'\\e[31m.db'",
    "query $'\\e[31m.sql'", "ingest $'\\e[31m.log'", "ingest --format $'%\\e[31m%'",
    "prune --older-than $'\\e[31m'",
    "report -o $'nowhere/\\e[31m.html'", "imbalance --endpoints $'\\e[31m'",
    "check --salvage $'nowhere/\\e[31m.db'", "query none-such.sql",
  ]

  @Test func `come to no terminal as they are`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.name, Self.line + "\n" + Self.line.dropLast(20) + "\n")
    let ingest = try Meshweft.run(["ingest", Self.name], in: folder)
    #expect(ingest.status == 0)
    // What SQLite says of it is not meshweft's own text.
    try folder.write("none-such.sql", "SELECT 1 FROM \"\u{1B}[31m\u{202E}none\"")
    for (command, outcome) in try [("ingest", ingest)]
      + Self.commands.map({ ($0, try Meshweft.runShell("meshweft \($0)", in: folder)) })
    {
      #expect([0, 1, 2, 64].contains(outcome.status), "\(command): \(outcome.errorText)")
      for text in [outcome.outputText, outcome.errorText] {
        let harm = text.unicodeScalars.filter { scalar in
          scalar != "\n"
            && (scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x202A...0x202E ~= scalar.value)
        }
        #expect(harm.isEmpty, "\(command): \(harm.map { String($0.value, radix: 16) })")
      }
    }
  }
}
