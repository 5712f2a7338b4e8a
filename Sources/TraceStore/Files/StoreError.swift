internal import AccessLog
internal import GRDB
internal import GRDBSQLite

/// Why a store could not be opened, read or written; each says what to do.
package enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A reader was asked for a file that is not there.
  case missing(path: String)
  /// A reader was asked for a file without anything in it.
  case empty(path: String)
  /// The file is something else than a SQLite database. It was not changed.
  case notADatabase(path: String)
  /// A folder, a device or a pipe. It was not opened.
  case notAFile(path: String)
  /// The system does not let it be read; `reason` is its word for it.
  case unreadable(path: String, reason: String)
  /// Standard output or standard error goes into it: what is printed would be written over it.
  case isOutput(path: String)
  /// A new database with the name of what SQLite keeps beside another one.
  case isLogOfAnother(path: String)
  /// A SQLite database of another program. It was not changed.
  case foreign(path: String, applicationID: UInt32)
  /// Written by a newer meshweft, with a schema that this one does not know. It was not changed.
  case newer(path: String, found: Int, known: Int)
  /// Written by an older meshweft, and opened for reading only.
  case older(path: String, found: Int, known: Int)
  /// Written before the first release, with a schema that no step leads on from. It was not changed.
  case unreleased(path: String, found: Int)
  /// Another process kept the write lock for longer than `seconds`.
  case busy(path: String, seconds: Double)
  /// No space left on the device, or a file size limit was reached. What was committed stays.
  case full(path: String)
  /// While it was written, its name came to lead to another file, or to none.
  case replaced(path: String)
  /// It was read without locks, for nobody had it open and it is another user's, and somebody wrote to it meanwhile.
  case changed(path: String)
  /// Another user's, with content in its log that can only be read by making files beside it.
  case needsOwner(path: String)
  /// The process may not have as many files open as a store needs.
  case tooFewFiles(path: String, limit: Int)
  /// The file or its folder may not be written.
  case readOnly(path: String)
  /// SQLite found pages that contradict each other.
  case corrupt(path: String, detail: String)
  /// The tables of indices belong to a transaction that was rolled back, or to another writer.
  case staleTables
  /// The process was asked to end (`StoreInterruption`). What was not committed was undone.
  case interrupted
  /// Anything else that SQLite said.
  case failed(path: String, code: Int32, detail: String)

  package var description: String {
    switch self {
    case .missing(let path):
      "\(quoted(path)): no such database. `meshweft ingest` makes one; --db names another."
    case .empty(let path):
      "\(quoted(path)) is empty: nothing was ingested into it yet. `meshweft ingest` does; --db names another database."
    case .notADatabase(let path):
      "\(quoted(path)) is not a SQLite database. Nothing was changed; name another file with --db."
    case .notAFile(let path):
      path.isEmpty
        ? "the name of the database is empty. Name a file with --db or $MESHWEFT_DB."
        : "\(quoted(path)) is a folder or a device and cannot be a database. Name a file with --db."
    case .foreign(let path, let id):
      "\(quoted(path)) belongs to another program (application id \(id)). Nothing was changed; "
        + "name another file with --db."
    case .newer(let path, let found, let known):
      "\(quoted(path)) has schema \(found), and this meshweft knows up to \(known). Nothing was changed; "
        + "use the newer meshweft that wrote it."
    case .older(let path, let found, let known):
      "\(quoted(path)) has schema \(found), and this meshweft reads \(known). "
        + "`meshweft ingest` into it brings it up to date; it must be writable for that."
    case .unreleased(let path, let found):
      "\(quoted(path)) has schema \(found), of a meshweft before its first release. Nothing was changed; "
        + "ingest the logs into a new file."
    case .busy(let path, let seconds):
      "\(quoted(path)): another process was writing for more than \(seconds) s. Try again when it has ended; "
        + "where there is none, its file system refuses locks (network file systems may)."
    case .full(let path):
      "\(quoted(path)): no room left to write. What was reported as stored is stored; "
        + "make room and give the same input again."
    case .unreadable(let path, let reason):
      "\(quoted(path)) cannot be read: \(reason). Check its permissions and those of its folder."
    case .isOutput(let path):
      "\(quoted(path)) is where the output goes: it would be written over. Send that elsewhere."
    case .isLogOfAnother(let path):
      "\(quoted(path)) is the name of what SQLite keeps beside another database. Name another file with --db."
    case .replaced(let path):
      "\(quoted(path)) was moved, deleted or replaced, or its -wal file was, while it was written. What was stored until "
        + "then is in the file that was there before; put that back or name another one, and give the same input again."
    case .changed(let path):
      "\(quoted(path)) was written to while it was read. Run the command again."
    case .needsOwner(let path):
      "\(quoted(path)): its last changes are in \(quoted(path))-wal only, and to read them files must be made that would "
        + "lock its owner out. Let the owner run any command on it, `meshweft sources` for one."
    case .tooFewFiles(let path, let limit):
      "\(quoted(path)): only \(limit) files may be open at once (`ulimit -n`), and meshweft needs "
        + "\(StoreLimits.openFiles)."
    case .readOnly(let path):
      "\(quoted(path)) may not be written. Check the permissions of \(StoreError.unwritable(path))."
    case .corrupt(let path, let detail):
      "\(quoted(path)) is damaged (\(detail)). It was left as it is; "
        + "`meshweft check --salvage NEW.db` saves what can be read; ingesting the logs into that adds the rest."
    case .staleTables:
      "an ingest went on after its transaction was rolled back. Start it again from the beginning."
    case .interrupted:
      "interrupted. What was committed before stays, the rest was undone."
    case .failed(let path, let code, let detail):
      "\(quoted(path)): \(SQLiteWords.sentence(code: code, detail: detail, path: path))"
    }
  }

  /// What may not be written, as far as that can be found out: files that another user left beside it are often overlooked.
  private static func unwritable(_ path: String) -> String {
    let file = StoreFile(path: path)
    let left = file.unwritableBeside.map { quoted($0.text) }
    return left.isEmpty
      ? "the file and of its folder"
      : "\(left.joined(separator: " and ")), which another user left: they can go when no process has the database open"
  }
}

extension StoreError {
  /// Sorts an error of SQLite's by what a user can do about it.
  init(code: Int32, detail: String, path: String, busySeconds: Double) {
    switch code & 0xff {
    case _ where code == pageIsDamaged:
      self = .corrupt(path: path, detail: "a page of it is not what was written")
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy(path: path, seconds: busySeconds)
    case SQLITE_FULL: self = .full(path: path)
    case SQLITE_READONLY, SQLITE_PERM: self = .readOnly(path: path)
    case SQLITE_CORRUPT: self = .corrupt(path: path, detail: detail)
    case SQLITE_INTERRUPT: self = .interrupted
    case SQLITE_NOTADB: self = .notADatabase(path: path)
    default: self = .failed(path: path, code: code, detail: detail)
    }
  }

  /// Any error from a block that ran on a connection.
  init(_ error: any Error, path: String, busySeconds: Double) {
    switch error {
    case let error as StoreError:
      self = error
    case let error as DatabaseError:
      self.init(
        code: error.extendedResultCode.rawValue, detail: error.message ?? "no message", path: path,
        busySeconds: busySeconds)
    default:
      self = .failed(path: path, code: SQLITE_ERROR, detail: "\(error)")
    }
  }
}

/// `SQLITE_IOERR_DATA`, which C computes in a macro: a page's check is another one (`PageCheck`).
private let pageIsDamaged = SQLITE_IOERR | 32 << 8

/// A file name for a message: control characters escaped, at most 200 characters.
private func quoted(_ path: String) -> String {
  let path = FileName(path).text
  var result = ""
  for scalar in path.unicodeScalars.prefix(200) {
    let isControl = scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
    result += isControl ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return path.unicodeScalars.count > 200 ? result + "…" : result
}
