import Foundation
import TestSupport
import Testing

@Suite struct `The README` {
  private static let text = (try? String(contentsOfFile: Checkout.root + "/README.md", encoding: .utf8)) ?? ""

  @Test func `is short`() {
    #expect((1...120).contains(Self.text.split(separator: "\n", omittingEmptySubsequences: false).count))
  }

  /// The loop of the first job, with a kubectl that has the sample logs.
  @Test func `has a loop that gets all logs of two clusters`() throws {
    let loop = try #require(
      Self.text.components(separatedBy: "```sh\n").dropFirst().first?.components(separatedBy: "\n```").first)
    let folder = try ScratchFolder()
    try folder.write("bin/kubectl", Self.kubectl)
    let outcome = try Meshweft.runShell("chmod +x bin/kubectl; PATH=$PWD/bin:$PATH; \(loop)", in: folder)
    #expect(outcome.status == 0)
    let said = outcome.errorText.replacing(/[0-9.]+ s, [0-9 ]+ lines\/s/, with: "")
    let after = try #require(Self.text.components(separatedBy: "\n```\n").dropFirst().first)
    let shown = after.split(separator: "\n\n").first?
      .replacing("    ", with: "").replacing(/[0-9.]+ s, [0-9 ]+ lines\/s/, with: "").trimmingCharacters(
        in: .newlines)
    #expect(said == (shown ?? "") + "\n")
    let roles = try Meshweft.run(
      ["query", "SELECT DISTINCT role FROM hops ORDER BY 1", "-o", "csv"], in: folder)
    #expect(
      roles.outputText.contains("client") && roles.outputText.contains("proxy")
        && roles.outputText.contains("server"))
    let clusters = try Meshweft.run(
      ["query", "SELECT DISTINCT mesh_cluster FROM hops ORDER BY 1", "-o", "csv"], in: folder)
    #expect(clusters.outputText == "mesh_cluster\r\nack1\r\nack2\r\n")
  }

  /// Answers as the API server's printer does, out of the names of the sample logs.
  private static let kubectl = """
    #!/bin/bash
    context=$2; shift 2
    logs=(\(Checkout.sampleLogs)/$context.*.log*)
    if [[ $1 = get ]]; then
      for log in "${logs[@]}"; do
        IFS=. read -r _ namespace pod container _ <<<"$(basename "$log")"
        echo "$namespace   $pod   app,$container   istio-init"
      done
      echo "kube-system   coredns-x   coredns   <none>"
    else
      [[ $1 = --namespace && $3 = logs && $5 = --container && $6 = istio-proxy ]] || exit 1
      zcat -f \(Checkout.sampleLogs)/$context.$2.$4.$6.log*
    fi
    """

  @Test func `shows what commands print`() throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", Checkout.sampleLogs], in: folder).status == 0)
    let blocks = Self.text.components(separatedBy: "    $ ").dropFirst()
    #expect(blocks.count == 2)
    for block in blocks {
      let lines = block.components(separatedBy: "\n")
      let shown = lines.dropFirst().prefix { $0.isEmpty || $0.hasPrefix("    ") }.map {
        String($0.dropFirst(4))
      }
      let outcome = try Meshweft.runShell("export COLUMNS=100; \(lines[0])", in: folder)
      let printed = outcome.outputText.components(separatedBy: "\n")
      let count = shown.lastIndex { !$0.isEmpty } ?? 0
      #expect(Array(shown[...count]) == Array(printed.prefix(count + 1)), "\(lines[0])")
    }
  }

  /// Files that documents lead to, by the folder of the document.
  @Test func `and the documents lead to what is there`() throws {
    let files = FileManager.default
    let names =
      try ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SampleLogs/README.md"]
      + (files.subpathsOfDirectory(atPath: Checkout.root + "/docs").filter { $0.hasSuffix(".md") }.map {
        "docs/" + $0
      })
    #expect(names.count > 20)
    for name in names {
      let text = try String(contentsOfFile: Checkout.root + "/" + name, encoding: .utf8)
      let folder = (Checkout.root + "/" + name as NSString).deletingLastPathComponent
      for link in text.matches(of: /\]\(([^)#\s]+)(#[^)\s]*)?\)/) where !link.output.1.contains("://") {
        #expect(files.fileExists(atPath: folder + "/" + link.output.1), "\(name): \(link.output.1)")
      }
    }
  }
}
