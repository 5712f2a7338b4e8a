internal import Foundation
internal import GRDBSQLite

/// What the file's first bytes say, read before SQLite may touch it.
///
/// Offsets are those of SQLite's file format, https://www.sqlite.org/fileformat2.html#the_database_header.
struct StoreFile {
  var path: String

  private static let headerBytes = 100
  private static let magic = Array("SQLite format 3\0".utf8)
  private static let userVersionOffset = 60
  private static let applicationIDOffset = 68

  var exists: Bool { StoreFile.status(of: path) != nil }

  /// The name as SQLite is to get it: a relative one that starts with `file:` or `:memory:` is a file all the same.
  var sqlitePath: String { path.hasPrefix("/") ? path : "./" + path }

  /// For a database that no one writes, in a folder where SQLite can make no `-shm` file.
  var immutableURI: String {
    let allowed = CharacterSet(charactersIn: "/._-").union(.alphanumerics)
    let escaped = sqlitePath.addingPercentEncoding(withAllowedCharacters: allowed) ?? sqlitePath
    return "file:" + escaped + "?immutable=1"
  }

  /// Where the file is. SQLite keeps its logs beside that, and not beside a link to it.
  private var place: String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Whether content may still be in the write-ahead log only.
  var hasWriteAheadLog: Bool { logBytes > 0 }

  /// Bytes of the write-ahead log; 0 where there is none.
  var logBytes: Int64 { Int64(StoreFile.bytes(of: place + "-wal")) }

  /// Whether this process could write the file and make others beside it.
  var isWritable: Bool {
    let folder = (sqlitePath as NSString).deletingLastPathComponent
    return FileManager.default.isWritableFile(atPath: path)
      && FileManager.default.isWritableFile(atPath: folder)
  }

  /// Refuses what is surely not ours from its header alone, so that not even a `-shm` file is made beside it.
  ///
  /// An empty or missing file passes, as does one with a rollback journal: only SQLite can tell what they become.
  /// - Throws: `notAFile`, `notADatabase`, `foreign`, `newer`, `failed` where it cannot be read.
  func checkHeader() throws(StoreError) {
    guard !path.isEmpty else { throw .notAFile(path: path) }
    guard let status = StoreFile.status(of: path) else { return }
    guard StoreFile.isRegular(status) else { throw .notAFile(path: path) }
    guard status.st_size > 0, StoreFile.bytes(of: place + "-journal") == 0 else { return }
    let header = try readHeader()
    guard header.starts(with: StoreFile.magic), header.count == StoreFile.headerBytes else {
      throw .notADatabase(path: path)
    }
    let id = bigEndian(header, at: StoreFile.applicationIDOffset)
    guard id == Schema.applicationID || (id == 0 && hasWriteAheadLog) else {
      throw .foreign(path: path, applicationID: id)
    }
    let version = bigEndian(header, at: StoreFile.userVersionOffset)
    guard version <= Schema.current else {
      throw .newer(path: path, found: Int(version), known: Schema.current)
    }
  }

  /// Whether it is a file, and not a folder, a pipe or a device.
  var isRegular: Bool { StoreFile.status(of: path).map(StoreFile.isRegular) ?? false }

  private static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

  private func readHeader() throws(StoreError) -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw .failed(path: path, code: SQLITE_CANTOPEN, detail: "it cannot be read")
    }
    defer { try? file.close() }
    do {
      return Array(try file.read(upToCount: StoreFile.headerBytes) ?? Data())
    } catch {
      throw .failed(
        path: path, code: SQLITE_CANTOPEN, detail: "it cannot be read: \(error.localizedDescription)")
    }
  }

  private func bigEndian(_ header: [UInt8], at offset: Int) -> UInt32 {
    header[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func bytes(of path: String) -> Int { status(of: path).map { Int($0.st_size) } ?? 0 }

  /// Through links; nil where there is nothing. `FileManager` would look up the names of its owner and group.
  private static func status(of path: String) -> stat? {
    var status = stat()
    return unsafe path.withCString { unsafe stat($0, &status) } == 0 ? status : nil
  }
}
