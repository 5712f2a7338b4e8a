internal import GRDBSQLite
internal import Platform

/// What the file's first bytes say, read before SQLite may touch it.
///
/// Offsets are those of SQLite's file format, https://www.sqlite.org/fileformat2.html#the_database_header.
struct StoreFile {
  let path: String
  let name: FileName

  init(path: String) {
    self.path = path
    name = FileName(path)
  }

  private static let headerBytes = 100
  private static let magic = Array("SQLite format 3\0".utf8)
  private static let userVersionOffset = 60
  private static let applicationIDOffset = 68

  var status: FileStatus? { FileStatus(name) }
  var exists: Bool { status != nil }

  /// Where the file is. SQLite keeps its logs beside that, and not beside a link to it.
  private var place: FileName { name.place }

  /// The write-ahead log, empty or not; nil where there is none.
  var writeAheadLog: FileStatus? { FileStatus(place + "-wal") }

  /// Whether content may still be in the write-ahead log only.
  var hasWriteAheadLog: Bool { logBytes > 0 }

  /// Bytes of the write-ahead log; 0 where there is none.
  var logBytes: Int64 { writeAheadLog.map { Int64($0.size) } ?? 0 }

  /// Whether it is a file, and not a folder, a pipe or a device.
  var isRegular: Bool { status?.kind == .file }

  /// Refuses what is surely not ours from its header alone, so that not even a `-shm` file is made beside it.
  ///
  /// An empty or missing file passes, as does one with a rollback journal: only SQLite can tell what they become. So does one
  /// that this process has open: somebody has looked at it, and to open it by other means than SQLite's would drop its locks.
  /// - Throws: `notAFile`, `isOutput`, `notADatabase`, `foreign`, `newer`, `failed` where it cannot be read.
  func checkHeader() throws(StoreError) {
    guard !path.isEmpty else { throw .notAFile(path: path) }
    guard let status else { return try checkNewName() }
    guard status.kind == .file else { throw .notAFile(path: path) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO]
    where FileStatus(descriptor: descriptor)?.identity == status.identity {
      throw .isOutput(path: path)
    }
    guard status.size > 0, FileStatus(place + "-journal").map({ $0.size == 0 }) ?? true else { return }
    let read = OpenStores.ifClosed(status.identity) { () -> Result<[UInt8], StoreError> in
      do throws(StoreError) { return .success(try readHeader()) } catch { return .failure(error) }
    }
    guard let header = try read?.get() else { return }
    guard header.starts(with: StoreFile.magic), header.count == StoreFile.headerBytes else {
      throw .notADatabase(path: path)
    }
    let id = bigEndian(header, at: StoreFile.applicationIDOffset)
    guard id == StoreVersion.applicationID || (id == 0 && hasWriteAheadLog) else {
      throw .foreign(path: path, applicationID: id)
    }
    let version = bigEndian(header, at: StoreFile.userVersionOffset)
    guard version <= StoreVersion.current else {
      throw .newer(path: path, found: Int(version), known: StoreVersion.current)
    }
  }

  /// A new database must not take the name of another one's log, which SQLite would then take for that.
  private func checkNewName() throws(StoreError) {
    for ending in StoreFiles.endings.map({ Array($0.utf8) })
    where name.bytes.count > ending.count && name.bytes.suffix(ending.count).elementsEqual(ending) {
      let other = FileName(bytes: name.bytes.dropLast(ending.count))
      if FileStatus(other)?.kind == .file { throw .isLogOfAnother(path: path) }
    }
  }

  private func readHeader() throws(StoreError) -> [UInt8] {
    // Safe: names outlive the calls that get them, here and below, and no call keeps a pointer.
    let file = unsafe name.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
    guard file >= 0 else { throw unreadable() }
    defer { close(file) }
    var header = [UInt8](repeating: 0, count: StoreFile.headerBytes)
    // Safe: pread(2) writes at most the header's size.
    let count = unsafe header.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw unreadable() }
    return Array(header[..<count])
  }

  private func unreadable() -> StoreError {
    .unreadable(path: path, reason: unsafe String(cString: strerror(errno)))
  }

  private func bigEndian(_ header: [UInt8], at offset: Int) -> UInt32 {
    header[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// How SQLite is to open it.
extension StoreFile {
  /// The name as SQLite is to get it: a relative one that starts with `file:` or `:memory:` is a file all the same, and one
  /// that is no text can only be said in a URI.
  var sqlitePath: String { name.isText ? relativeName.text : uri() }

  /// For a database that no one writes: without locks, and without a file beside it.
  var immutableURI: String { uri("immutable=1") }

  /// For a database that somebody has open, or left open: his log and his index of it are read, and none is made.
  var sharedURI: String { uri("mode=ro", "readonly_shm=1") }

  private var relativeName: FileName {
    name.bytes.first == 0x2F ? name : FileName(bytes: Array("./".utf8) + name.bytes)
  }

  /// https://www.sqlite.org/uri.html
  private func uri(_ parameters: String...) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let plain = Array("/._-".utf8)
    let escaped = relativeName.bytes.flatMap { byte -> [UInt8] in
      let isPlain =
        plain.contains(byte) || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte)
      return isPlain ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    let query = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
    return "file:" + String(decoding: escaped, as: UTF8.self) + query
  }
}

/// What is left beside it.
extension StoreFile {
  /// Whether this process could write the file and make others beside it.
  var isWritable: Bool {
    name.allows(W_OK) && name.folder.allows(W_OK | X_OK)
  }

  /// Whether files that SQLite makes beside it for this process are as open to others as itself: SQLite gives them its
  /// permissions, and as root its owner, too. A reader who is somebody else makes none, for those that he left would lock
  /// the owner out.
  var letsReadersMakeFiles: Bool {
    let user = geteuid()
    return isWritable && (user == 0 || status?.owner == UInt32(user))
  }

  /// Gives the files that SQLite made beside it for this process the file's own group, so that whoever may write the file by
  /// its group may write them.
  func shareFilesBeside() {
    guard let status, status.mode & 0o020 != 0, geteuid() != 0 else { return }
    let place = place
    for file in StoreFiles.endings.map({ place + $0 }) {
      guard let made = FileStatus(file), made.owner == UInt32(geteuid()), made.group != status.group else {
        continue
      }
      // Who is not in the group cannot, and need not be told: the file is his own as long as he has it open.
      unsafe _ = file.withCString { unsafe chown($0, uid_t.max, gid_t(status.group)) }
    }
  }

  /// Of the log and its index, what is there and this process may not write.
  var unwritableBeside: [FileName] {
    let place = place
    return StoreFiles.endings.map { place + $0 }.filter { file in
      FileStatus(file) != nil && !file.allows(W_OK)
    }
  }
}

extension FileName {
  /// What access(2) says.
  fileprivate func allows(_ mode: Int32) -> Bool {
    let result = unsafe withCString { unsafe access($0, mode) }
    return result == 0
  }
}
