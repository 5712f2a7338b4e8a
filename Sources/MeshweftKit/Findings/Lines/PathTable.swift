internal import Queries
internal import TraceStore

/// Paths as they come in, by index, and the routes that they are of.
struct PathTable {
  private(set) var paths: [String] = []
  private(set) var routes: [String] = []
  private(set) var routeOfPath: [Int32] = []
  private var byID: [Int64: Int32] = [:]
  private var byText: [String: Int32] = [:]
  private var idOf: [Int32: Int64] = [:]

  /// Bytes of a path that are kept: what tells routes apart stands in front, and logs may hold a hundred thousand of 64 KiB.
  private static let pathBytes = 1024

  /// The index of a path that is a text's id, or stands in the row; -1 for none.
  mutating func index(id: Int64?, text: () -> String?) -> Int32 {
    if let id {
      if let known = byID[id] { return known }
      let index = add("")
      byID[id] = index
      idOf[index] = id
      return index
    }
    guard let text = text().map(PathTable.beginning) else { return -1 }
    if let known = byText[text] { return known }
    let index = add(text)
    byText[text] = index
    return index
  }

  private mutating func add(_ text: String) -> Int32 {
    paths.append(text)
    return Int32(paths.count - 1)
  }

  /// Looks up the texts, when all paths are there.
  mutating func resolve(_ reader: StoreReader) throws {
    for (index, id) in idOf {
      try reader.run(.textByID, ["id": .integer(id)]) {
        paths[Int(index)] = PathTable.beginning($0.text(0) ?? "")
      }
    }
    var known: [String: Int32] = [:]
    routeOfPath = paths.map { path in
      let route = PathTable.route(path)
      if let index = known[route] { return index }
      known[route] = Int32(routes.count)
      routes.append(route)
      return Int32(routes.count - 1)
    }
  }

  private static func beginning(_ path: String) -> String {
    path.utf8.count <= pathBytes ? path : String(decoding: path.utf8.prefix(pathBytes), as: UTF8.self)
  }

  /// The path without its query, each segment with a digit in it as `*`.
  static func route(_ path: String) -> String {
    let plain = path.prefix { $0 != "?" }
    guard plain.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return String(plain) }
    return plain.split(separator: "/", omittingEmptySubsequences: false)
      .map { part in part.utf8.contains { (0x30...0x39).contains($0) } ? "*" : String(part) }
      .joined(separator: "/")
  }
}
