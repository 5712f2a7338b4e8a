internal import AccessLog
internal import TraceStore
internal import Platform

/// The logs in a folder and in the folders inside it, to any depth.
///
/// Symbolic links are followed where the folder that was named holds them and they lead to files (`/var/log/containers`);
/// none is followed to a folder, or from deeper down: what they lead to lies beside them, or outside.
struct FolderWalk {
  struct Found: Equatable {
    var name: FileName
    /// Below the folder that was named.
    var relative: String
  }

  private(set) var logs: [Found] = []
  private(set) var others = 0
  /// Logs that have the name of one that lies above them, which says whose they are, and begin at the same time: the same log in
  /// another format.
  private(set) var repeated = 0
  private let store: StoreFiles
  /// Folders inside each other; links are not followed, so this is reached by hostile archives only.
  private static let maximumDepth = 64

  /// Nil where the folder cannot be listed; those inside that cannot be are passed over.
  /// `store`: none of its files is opened to look at it.
  init?(_ folder: FileName, sparing store: StoreFiles) {
    self.store = store
    guard let names = FileName.all(inFolder: folder) else { return nil }
    walk(folder, names, relative: "", above: [:], depth: 0)
  }

  private mutating func walk(
    _ folder: FileName, _ names: [FileName], relative: String, above: [String: FileName], depth: Int
  ) {
    let start = folder.bytes.last == 0x2F ? folder.bytes : folder.bytes + [0x2F]
    var folders: [(FileName, String)] = []
    var known = above
    for name in names.sorted() {
      let path = FileName(bytes: start + name.bytes)
      let shown = relative + name.text
      switch Self.kind(path, followsLinks: depth == 0) {
      case .folder: folders.append((path, shown))
      case .other: others += 1
      case .file: add(path, shown, name.text, above: above, &known)
      }
    }
    guard depth < Self.maximumDepth else { return }
    for (path, shown) in folders where !shown.hasPrefix(".") {
      guard let names = FileName.all(inFolder: path) else { continue }
      walk(path, names, relative: shown + "/", above: known, depth: depth + 1)
    }
  }

  private mutating func add(
    _ path: FileName, _ relative: String, _ name: String, above: [String: FileName],
    _ known: inout [String: FileName]
  ) {
    guard Self.isLog(path.text) else {
      others += 1
      return
    }
    if Origin<String>(fileName: name) != nil {
      let log = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
      if let other = above[log], LogBeginning.isSame(path, other, sparing: store) {
        repeated += 1
        return
      }
      known[log] = path
    }
    logs.append(Found(name: path, relative: relative))
  }

  /// `x.log`, `x.log.gz`, and what kubelet and logrotate make of them: `0.log.20240523-100627.gz`, `x.log.1`; and whatever lies
  /// where diagnostic tools put logs.
  static func isLog(_ path: String) -> Bool {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return LogFileName.isLog(name) || !name.hasPrefix(".") && PathNames.identity(of: path) != nil
  }

  private enum Kind { case file, folder, other }

  private static func kind(_ name: FileName, followsLinks: Bool) -> Kind {
    var status = stat()
    // Safe: the name outlives the call, and the system fills a structure on the stack.
    guard unsafe name.withCString({ unsafe lstat($0, &status) }) == 0 else { return .other }
    if status.st_mode & S_IFMT == S_IFLNK {
      guard followsLinks, unsafe name.withCString({ unsafe stat($0, &status) }) == 0,
        status.st_mode & S_IFMT != S_IFDIR
      else { return .other }
    }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }
}
