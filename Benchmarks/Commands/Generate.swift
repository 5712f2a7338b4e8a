internal import ArgumentParser
internal import Glibc

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes the logs of a mesh: clients, cross-network proxies and servers that tell one story.",
    discussion: """
      The same seed gives the same bytes. One million lines are about 780 MB. Prints lines, bytes (before \
      compression), seconds and MB/s as key=value.
      """)

  @Option(help: "How many lines, over all files.")
  var lines: Int

  @Option(help: "The folder to write into; it is made when missing.")
  var out: String

  @Option(help: "The access-log format.")
  var format = LogFormat.asm

  @Flag(help: "Gzip the files.")
  var gz = false

  @Flag(help: "Put a timestamp before each line, as `kubectl logs --timestamps` does.")
  var prefixTimestamps = false

  @Flag(
    help: "Give the keys of each line an order of their own, as no proxy does: the worst case of reading.")
  var shuffled = false

  @Option(help: "What the random choices start from.")
  var seed: UInt64 = 1

  func validate() throws {
    guard lines > 0 else { throw ValidationError("--lines must be 1 or more.") }
    guard !shuffled || format != .text else { throw ValidationError("--shuffled needs a JSON format.") }
  }

  func run() throws {
    guard unsafe mkdir(out, 0o755) == 0 || errno == EEXIST else {
      throw WriteFailure(path: out, reason: lastSystemError())
    }
    let begin = ContinuousClock.now
    var random = SplitMix64(seed: seed)
    let pool = TextPool()
    let mesh = Mesh(pool: pool, random: &random)
    let files = try mesh.allPods.map { pod in
      try LogFile(
        path: "\(out)/\(pod.logName)\(gz ? ".gz" : "")", gzipped: gz, prefixesTimestamps: prefixTimestamps)
    }
    let layout = LineLayout(format, pool: pool, shuffled: shuffled)
    var simulation = MeshSimulation(lines: lines, mesh: mesh, random: random, layout: layout, files: files)
    try simulation.run()
    for file in files { try file.finish() }
    let bytes = files.reduce(0) { $0 + $1.bytesWritten }
    Measurement(row: "generate", lines: lines, bytes: bytes, duration: begin.duration(to: .now)).report()
  }
}
