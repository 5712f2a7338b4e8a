internal import TraceStore
internal import Platform

/// A file that a command makes, beside the database.
struct OutputFile {
  /// Why it was not written, in words.
  enum Failure: Error, CustomStringConvertible {
    case system(Int32)

    var description: String {
      switch self {
      case .system(ENOENT): "there is no such folder"
      case .system(EACCES), .system(EPERM): "permission denied"
      case .system(ENOSPC), .system(EDQUOT), .system(EFBIG): "no space is left"
      case .system(EROFS): "it may only be read there"
      case .system(EISDIR): "it is a folder"
      case .system(ENXIO): "it is a socket, or a pipe that nobody reads"
      case .system(let code): unsafe String(cString: strerror(code))
      }
    }
  }

  let name: FileName

  init(_ path: String) { name = FileName(path) }

  /// Why it must not be written over; nil where it may: where it is one of the database's files, by whatever name or link,
  /// one of another SQLite database's, or anything else than what this is: a log that somebody has only once, say.
  /// - Throws: `Failure` where it is there and what it is cannot be seen.
  func refusal(beside database: String) throws(Failure) -> String? {
    if StoreFiles(database: database).holds(name) {
      return "is the database itself, or belongs to it; name another file"
    }
    guard let status = FileStatus(name), status.kind == .file, status.size > 0 else { return nil }
    let head = try head()
    if OutputFile.beginnings.contains(where: { head.starts(with: $0) }) {
      return "is a SQLite database, or belongs to one, and is not written over; name another file"
    }
    guard String(decoding: head, as: UTF8.self).lowercased().hasPrefix(OutputFile.page) else {
      return "is there already and is no page, and is not written over; name another file"
    }
    return nil
  }

  /// What a page begins with.
  private static let page = "<!doctype html"

  /// What a database, a write-ahead log and a rollback journal begin with (https://www.sqlite.org/fileformat2.html).
  private static let beginnings: [[UInt8]] = [
    Array("SQLite format 3\0".utf8), [0x37, 0x7F, 0x06, 0x82], [0x37, 0x7F, 0x06, 0x83],
    [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7],
  ]

  /// Its first bytes.
  private func head() throws(Failure) -> [UInt8] {
    // Safe: names outlive the calls that get them, here and below, and no call keeps a pointer.
    let file = unsafe name.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard file >= 0 else { throw .system(errno) }
    defer { close(file) }
    var head = [UInt8](repeating: 0, count: 32)
    // Safe: pread(2) writes at most the head's size.
    let count = unsafe head.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw .system(errno) }
    return Array(head.prefix(count))
  }

  /// Writes a file beside it, and gives that its name when it is on the disk; a pipe or a device is written as it is.
  func write(_ bytes: [UInt8]) throws(Failure) {
    let place = name.place
    switch FileStatus(place)?.kind {
    case .folder: throw .system(EISDIR)
    case .pipe, .socket, .characterDevice, .blockDevice:
      let file = try opened(place, O_WRONLY)
      defer { close(file) }
      try put(bytes, file)
    case .file, nil:
      let beside = try FileName.unused(beside: place)
      do throws(Failure) {
        try writeBeside(bytes, beside, like: FileStatus(place))
        guard beside.rename(to: place) else { throw .system(errno) }
      } catch {
        beside.remove()
        throw error
      }
      place.folder.sync()
    }
  }

  /// With the permissions of the file that it replaces.
  private func writeBeside(_ bytes: [UInt8], _ beside: FileName, like old: FileStatus?) throws(Failure) {
    let file = try opened(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    defer { close(file) }
    try put(bytes, file)
    if let old { _ = fchmod(file, mode_t(old.mode)) }
    if fsync(file) != 0, errno != EINVAL { throw .system(errno) }
  }

  private func opened(_ name: FileName, _ flags: Int32) throws(Failure) -> Int32 {
    let file = unsafe name.withCString { unsafe open($0, flags | O_CLOEXEC, 0o666) }
    guard file >= 0 else { throw .system(errno) }
    return file
  }

  private func put(_ bytes: [UInt8], _ file: Int32) throws(Failure) {
    var offset = 0
    while offset < bytes.count {
      // Safe: `offset` is below the count, and write(2) copies before it returns.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Platform.write(file, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
      }
      if count < 0, errno != EINTR { throw .system(errno) }
      offset += max(0, count)
    }
  }
}

/// Files that are made beside another one, to get its name at the end.
extension FileName {
  /// A name that nothing has, in the folder of a file.
  static func unused(beside place: FileName) throws(OutputFile.Failure) -> FileName {
    let folder = place.folder.bytes == [0x2F] ? [] : place.folder.bytes
    for attempt in 0..<100 {
      let name = FileName(bytes: folder) + "/.meshweft-\(getpid())-\(attempt).tmp"
      if !FileStatus.isTaken(name) { return name }
    }
    throw .system(EEXIST)
  }

  /// False where that failed; `errno` says why.
  func rename(to other: FileName) -> Bool {
    let result = unsafe withCString { old in unsafe other.withCString { unsafe renameFile(old, $0) } }
    return result == 0
  }

  /// A second name for a file. False where that failed, as where it is taken; `errno` says why.
  func link(as other: FileName) -> Bool {
    let result = unsafe withCString { old in unsafe other.withCString { unsafe linkFile(old, $0) } }
    return result == 0
  }

  private func renameFile(_ old: UnsafePointer<CChar>, _ new: UnsafePointer<CChar>) -> Int32 {
    unsafe Platform.rename(old, new)
  }

  private func linkFile(_ old: UnsafePointer<CChar>, _ new: UnsafePointer<CChar>) -> Int32 {
    unsafe Platform.link(old, new)
  }

  func remove() { unsafe _ = withCString { unsafe unlink($0) } }

  /// Puts a file's content, or a folder's names, on the disk.
  @discardableResult
  func sync() -> Bool {
    let file = unsafe withCString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
    guard file >= 0 else { return false }
    defer { close(file) }
    return fsync(file) == 0 || errno == EINVAL
  }
}
