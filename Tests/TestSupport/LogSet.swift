internal import Foundation

/// One log: its name, and its lines without line feeds.
package struct LogFile: Sendable, Equatable {
  /// Without folders and .gz: what the product calls its source.
  package var name: String
  package var lines: [[UInt8]]

  package init(name: String, lines: [[UInt8]]) {
    self.name = name
    self.lines = lines
  }

  /// Reads a file, gzipped or not; its name is the file's without folders and .gz.
  package init(reading path: String) throws {
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    if bytes.starts(with: [0x1F, 0x8B]) { bytes = try Gzip.unpack(bytes) }
    lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let file = URL(filePath: path).lastPathComponent
    name = file.hasSuffix(".gz") ? String(file.dropLast(3)) : file
  }

  /// The lines as a file holds them, each with its line feed.
  package var bytes: [UInt8] { lines.reduce(into: []) { $0 += $1 + [0x0A] } }

  /// The same log with only some of its lines, those that are left out as blank ones: line numbers stay.
  package func keeping(_ isKept: (Int) -> Bool) -> LogFile {
    LogFile(name: name, lines: lines.enumerated().map { isKept($0.offset) ? $0.element : [] })
  }

  /// `CLUSTER.NAMESPACE.POD.CONTAINER.log` in its parts; nil for any other name.
  package var identity: (meshCluster: String, namespace: String, pod: String, container: String)? {
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count == 5, parts[4] == "log" else { return nil }
    return (parts[0], parts[1], parts[2], parts[3])
  }
}

/// The logs of one mesh.
package struct LogSet: Sendable, CustomStringConvertible {
  package var name: String
  package var files: [LogFile]

  package var description: String { name }
  package var lineCount: Int { files.reduce(0) { $0 + $1.lines.count } }

  package init(name: String, files: [LogFile]) {
    self.name = name
    self.files = files
  }

  /// Reads the `*.log` and `*.log.gz` of a folder.
  package init(name: String, folder: String) throws {
    self.name = name
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    files = try names.filter { $0.hasSuffix(".log") || $0.hasSuffix(".log.gz") }
      .map { try LogFile(reading: folder + "/" + $0) }
  }

  /// The first lines of every log, in proportion: about the same stretch of time of all of them.
  package func thinned(to lines: Int) -> LogSet {
    guard lineCount > lines else { return self }
    var thin = self
    for index in files.indices {
      let share = (files[index].lines.count * lines + lineCount - 1) / lineCount
      thin.files[index].lines = Array(files[index].lines.prefix(share))
    }
    return thin
  }

  /// About so many lines from all of the time: all lines of some requests, and those that name none.
  package func sampled(to lines: Int) -> LogSet {
    let share = UInt64(max(1, lineCount / max(1, lines)))
    return mapping { file in
      LogFile(name: file.name, lines: file.lines.filter { LogSet.requestHash(of: $0) % share == 0 })
    }
  }

  /// FNV-1a of the request id; 0 where there is none.
  private static func requestHash(of line: [UInt8]) -> UInt64 {
    guard let key = line.firstRange(of: Array(#""request_id":""#.utf8)) else { return 0 }
    let id = line[key.upperBound...].prefix { $0 != 0x22 }
    guard id.count > 1 else { return 0 }
    return id.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } >> 8
  }

  /// Every log through `change`.
  package func mapping(_ change: (LogFile) throws -> LogFile) rethrows -> LogSet {
    var set = self
    set.files = try files.map(change)
    return set
  }
}

/// A set by its place, to be a test's argument.
package struct LogSetPlace: Sendable, CustomStringConvertible {
  package var name: String
  package var folder: String
  package var description: String { name }

  package func load() throws -> LogSet { try LogSet(name: name, folder: folder) }

  /// The sample logs that come with the project.
  package static let samples = LogSetPlace(name: "SampleLogs", folder: Checkout.sampleLogs)

  /// The larger sets, where they are and a run has time for them; none elsewhere.
  package static let large: [LogSetPlace] = {
    if Checkout.isSanitized { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: Checkout.meshLogs)) ?? []
    return names.sorted().map { LogSetPlace(name: $0, folder: Checkout.meshLogs + "/" + $0) }
      .filter { Checkout.exists($0.folder + "/truth.jsonl.gz") || Checkout.exists($0.folder + "/stats.json") }
  }()

  package static var all: [LogSetPlace] { [samples] + large }

  /// This set and those of the large ones that have these names.
  package func andLarge(_ names: [String]) -> [LogSetPlace] {
    [self] + LogSetPlace.large.filter { names.contains($0.name) }
  }

  /// The same lines in Istio's default JSON, where the set has them.
  package var inIstioJSON: LogSetPlace? {
    let folder = folder + "/istio-json"
    return Checkout.exists(folder) ? LogSetPlace(name: name + "/istio-json", folder: folder) : nil
  }
}
