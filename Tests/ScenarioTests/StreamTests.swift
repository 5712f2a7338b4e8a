import Foundation
import TestSupport
import Testing

/// What the shell around a command may do to its standard streams, its environment and its memory.
@Suite struct `Standard streams and surroundings` {
  private static let sample = Checkout.foundingExample

  private static func made() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", sample], in: folder).status == 0)
    return folder
  }

  private static let reports = [
    "hops", "hops -o json", "hops -o csv", "sources", "paths", "load", "imbalance", "traces", "clocks",
    "doctor",
    "metrics", "graph", "explain", "query --list", "query hops", "trace 08dc43e9", "trace 08dc43e9 -o otlp",
    "export traces", "report -o -",
  ]

  @Test(arguments: [">/dev/full", ">&-"])
  func `a standard output that takes nothing is said to, by every report`(where redirection: String) throws {
    let folder = try Self.made()
    for report in Self.reports {
      let outcome = try Meshweft.runShell("meshweft \(report) \(redirection)", in: folder)
      #expect(outcome.status == 2, "\(report): \(outcome.errorText)")
      #expect(outcome.errorText.contains("standard output"), "\(report): \(outcome.errorText)")
    }
    #expect(try Meshweft.run(["check"], in: folder).status == 0)
  }

  @Test func `a reader that leaves early is no error`() throws {
    let folder = try Self.made()
    for report in Self.reports {
      let outcome = try Meshweft.runShell("meshweft \(report) | true", in: folder)
      #expect(outcome.status == 0, "\(report): \(outcome.errorText)")
      #expect(outcome.errorText.isEmpty || !outcome.errorText.contains("meshweft:"), "\(outcome.errorText)")
    }
  }

  /// What runs tests may ignore the signal, and its children would inherit that.
  @Test func `a reader that leaves early does not kill it`() throws {
    let folder = try Self.made()
    let command = "(sleep 0.3; exec env --default-signal=PIPE meshweft hops -o ndjson) | true"
    let outcome = try Meshweft.runShell(command, in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }

  @Test func `a closed standard input is no empty log`() throws {
    let folder = try ScratchFolder()
    for arguments in ["", "-", "- \(Self.sample)"] {
      let outcome = try Meshweft.runShell("meshweft ingest \(arguments) <&-", in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("standard input: it is closed"), "\(outcome.errorText)")
    }
    #expect(try Meshweft.run(["hops", "-o", "ndjson"], in: folder).output.count { $0 == 0x0A } == 2)
  }

  @Test func `standard error may be closed or full`() throws {
    for redirection in ["2>&-", "2>/dev/full"] {
      let folder = try ScratchFolder()
      let outcome = try Meshweft.runShell(
        "meshweft ingest -o json '\(Self.sample)' \(redirection)", in: folder)
      #expect(outcome.status == 0)
      #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(2))
      // These say something there.
      for command in ["ingest '\(Self.sample)'", "hops --since 5m"] {
        let outcome = try Meshweft.runShell("meshweft \(command) \(redirection)", in: folder)
        #expect(outcome.status == 0, "\(command)")
      }
      #expect(try Meshweft.run(["check"], in: folder).status == 0)
    }
  }

  @Test func `locale and time zone change nothing`() throws {
    let folder = try Self.made()
    for report in Self.reports {
      let plain = try Meshweft.runShell("LC_ALL=C TZ=UTC meshweft \(report)", in: folder)
      for surroundings in [
        "LC_ALL=tr_TR.UTF-8 TZ=Asia/Kathmandu", "LC_ALL=de_DE.UTF-8 LANG=ar_EG TZ=America/St_Johns",
      ] {
        let other = try Meshweft.runShell("\(surroundings) meshweft \(report)", in: folder)
        #expect(other.status == plain.status && other.output == plain.output, "\(surroundings) \(report)")
      }
    }
  }

  @Test func `a pipe that gives one byte at a time loses none`() throws {
    let folder = try ScratchFolder()
    let child = try Meshweft.start(["ingest", "-o", "json", "-"], in: folder)
    let bytes = try LogFile(reading: Self.sample).bytes
    for byte in bytes {
      child.send([byte])
      Thread.sleep(forTimeInterval: 0.0005)
    }
    let outcome = try child.wait()
    #expect(outcome.status == 0)
    #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(2))
  }

  @Test func `logs may be pipes, links and files of odd names`() throws {
    let folder = try ScratchFolder()
    let commands = """
      mkdir logs && mkfifo logs/pipe.log && cp '\(Self.sample)' $'logs/a\\nb\\e[31m.log' && ln -s '\(Self.sample)' logs/link.log
      (cat '\(Self.sample)' >logs/pipe.log &)
      meshweft ingest -o json logs
      """
    let outcome = try Meshweft.runShell(commands, in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try JSONValue(parsing: outcome.output)["lines"] == .integer(6))
    #expect(
      try Meshweft.runShell("ln -s loop.log loop.log; meshweft ingest loop.log", in: folder).status == 2)
  }

  /// Two names that differ in nothing but bytes that are no UTF-8 are two logs: their lines are not each other's.
  @Test func `a name in a folder that is no text is read, and shown by its bytes`() throws {
    let folder = try ScratchFolder()
    let commands = """
      mkdir logs
      cp '\(Self.sample)' $'logs/caf\\xe9.log' && gzip -c '\(Self.sample)' >$'logs/\\xff\\xc3.log.gz'
      meshweft ingest -o json logs
      """
    let outcome = try Meshweft.runShell(commands, in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(4))
    let sources = try JSONValue(parsing: Meshweft.run(["sources", "-o", "json"], in: folder).output)
    let names = sources["sources"]?.array?.compactMap { $0["source"]?.string }
    #expect(names?.sorted() == [#"\xFF\xC3.log"#, #"caf\xE9.log"#])
    let again = try Meshweft.run(["ingest", "-o", "json", "logs"], in: folder)
    #expect(try JSONValue(parsing: again.output)["duplicate"] == .integer(4))
  }
}

/// Inputs that are larger than the memory they are read in.
@Suite(.disabled(if: Checkout.isSanitized, "a sanitizer needs more address space than that"))
struct `In little memory` {
  private static let sample = Checkout.foundingExample
  /// KiB of address space, Swift's libraries and the stacks of threads included.
  private static let limit = 1_000_000
  /// More than that.
  private static let bytes = 1_200_000_000

  private static func ingest(_ input: String, _ flags: String = "") throws -> JSONValue {
    let folder = try ScratchFolder()
    let outcome = try Meshweft.runShell(
      "\(input) | (ulimit -v \(limit); exec meshweft ingest \(flags) -o json -)", in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return try JSONValue(parsing: outcome.output)
  }

  private static let long =
    "(cat '\(sample)'; head -c \(bytes) /dev/zero | tr '\\0' a; echo; cat '\(sample)')"

  @Test func `a line that is larger is skipped alone`() throws {
    let summary = try Self.ingest(Self.long)
    #expect(summary["lines"] == .integer(5))
    #expect(summary["rejected"] == .integer(1))
    #expect((summary["stored"]?.integer ?? 0) + (summary["duplicate"]?.integer ?? 0) == 4)
  }

  @Test func `a gz bomb is unpacked piece by piece`() throws {
    let summary = try Self.ingest(Self.long + " | gzip -1")
    #expect(summary["lines"] == .integer(5))
    #expect(summary["rejected"] == .integer(1))
  }

  /// The same log over and over, each time of another year: nothing of it repeats but its texts.
  @Test func `a stream that goes on and on is stored as it comes`() throws {
    let log = Checkout.sampleLogs + "/ack1.default.sleep-lffxj4cn5t-2jfzp.istio-proxy.log.gz"
    let lines = try LogFile(reading: log).lines.count
    let rounds = Checkout.wantsAll ? 200 : 6
    let input = """
      for round in $(seq 1 \(rounds)); do
        gzip -dc '\(log)' | sed "s/\\"start_time\\":\\"20[0-9][0-9]/\\"start_time\\":\\"$((round + 2026))/"
      done
      """
    let summary = try Self.ingest("(\(input))", "--no-correlate")
    #expect(summary["lines"] == .integer(Int64(lines * rounds)))
    #expect(summary["stored"] == .integer(Int64(lines * rounds)))
  }
}
