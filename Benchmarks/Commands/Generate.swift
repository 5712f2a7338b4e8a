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

  @Option(help: "Hops a second; with it the log is of a mesh of many services, whose other options follow.")
  var rate: Int?

  @Option(help: "Services that call each other.")
  var services = 30

  @Option(help: "Pods of each service.")
  var pods = 3

  @Option(help: "Pods that begin the traces.")
  var clients = 80

  @Option(help: "Calls below each other.")
  var depth = 3

  @Option(help: "Of a hundred calls, those that go to the other mesh cluster.")
  var border = 30

  @Option(help: "Of a hundred pairs of a pod and a service, those that speak HTTP/2.")
  var http2 = 30

  @Option(help: "What request ids tell.")
  var ids = CallShape.IDs.call

  @Option(help: "How lines are divided among files.")
  var files = CallShape.Files.pod

  func validate() throws {
    guard lines > 0 else { throw ValidationError("--lines must be 1 or more.") }
    guard !shuffled || format != .text else { throw ValidationError("--shuffled needs a JSON format.") }
    guard rate ?? 1 > 0, services > 0, pods > 0, clients > 0 else {
      throw ValidationError("--rate, --services, --pods and --clients must be 1 or more.")
    }
    guard (1...services).contains(depth) else {
      throw ValidationError("--depth must be 1 or more, and no more than --services.")
    }
    // 200 pods in each of 254 networks.
    guard clients + services * pods < 50_000 else { throw ValidationError("These are too many pods.") }
    guard (0...100).contains(border), (0...100).contains(http2) else {
      throw ValidationError("--border and --http2 are percentages.")
    }
  }

  func run() throws {
    guard unsafe mkdir(out, 0o755) == 0 || errno == EEXIST else {
      throw WriteFailure(path: out, reason: lastSystemError())
    }
    let begin = ContinuousClock.now
    let logs = try rate.map(writeCalls) ?? writeConnections()
    for log in logs { try log.finish() }
    let bytes = logs.reduce(0) { $0 + $1.bytesWritten }
    Measurement(row: "generate", lines: lines, bytes: bytes, duration: begin.duration(to: .now)).report()
  }

  private func writeConnections() throws -> [LogFile] {
    var random = SplitMix64(seed: seed)
    let pool = TextPool()
    let mesh = Mesh(pool: pool, random: &random)
    let logs = try open(mesh.allPods.map(\.logName))
    var simulation = MeshSimulation(
      lines: lines, mesh: mesh, random: random, layout: layout(pool), files: logs)
    try simulation.run()
    return logs
  }

  private func writeCalls(rate: Int) throws -> [LogFile] {
    var random = SplitMix64(seed: seed)
    let pool = TextPool()
    let shape = CallShape(
      rate: rate, services: services, pods: pods, clients: clients, depth: depth, borderPercent: border,
      http2Percent: http2, ids: ids, files: files)
    let mesh = CallMesh(shape, pool: pool, random: &random)
    let logs = try open(CallSimulation.fileNames(mesh))
    var simulation = CallSimulation(
      lines: lines, mesh: mesh, random: random, layout: layout(pool), files: logs)
    try simulation.run()
    return logs
  }

  private func layout(_ pool: TextPool) -> LineLayout { LineLayout(format, pool: pool, shuffled: shuffled) }

  private func open(_ names: [String]) throws -> [LogFile] {
    try names.map {
      try LogFile(path: "\(out)/\($0)\(gz ? ".gz" : "")", gzipped: gz, prefixesTimestamps: prefixTimestamps)
    }
  }
}
