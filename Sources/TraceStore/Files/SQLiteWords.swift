internal import GRDBSQLite

/// What SQLite's result codes mean to who has to mend it (https://www.sqlite.org/rescode.html).
enum SQLiteWords {
  /// What happened and what to do, in a sentence or two; `detail` is SQLite's own text.
  static func sentence(code: Int32, detail: String, path: String) -> String {
    switch code & 0xff {
    // A user's statement is wrong, and SQLite says where.
    case SQLITE_ERROR, SQLITE_RANGE: detail
    case SQLITE_CANTOPEN: cannotOpen(path)
    case SQLITE_IOERR: ioError(code, path)
    default: (words[code & 0xff] ?? "SQLite could not go on (\(detail), code \(code)). Run `meshweft check`.")
    }
  }

  /// SQLITE_IOERR_SHMSIZE: the index of its write-ahead log could not be made as long as it has to be.
  static let noRoomForIndex: Int32 = SQLITE_IOERR | 19 << 8

  private static let words: [Int32: String] = [
    SQLITE_INTERNAL: "SQLite contradicted itself. Run `meshweft check` on the database.",
    SQLITE_ABORT: "a statement was ended before its end. Run the command again.",
    SQLITE_NOMEM:
      "there is not enough memory. Give the process more, or ask for less at once (--since, --limit).",
    SQLITE_INTERRUPT: "it was interrupted. Run the command again.",
    SQLITE_NOTFOUND: "the file system lacks something that SQLite needs. Put the database on a local disk.",
    SQLITE_PROTOCOL: "other processes kept its locks changing. Run the command again when they have ended.",
    SQLITE_EMPTY: "there is nothing in it. Ingest the logs into a new file.",
    SQLITE_SCHEMA: "its tables were changed meanwhile. Run the command again.",
    SQLITE_TOOBIG: "a text or a statement is larger than SQLite takes (a gigabyte, or a megabyte of SQL).",
    SQLITE_CONSTRAINT: "rows contradict each other. Run `meshweft check` on the database.",
    SQLITE_MISMATCH:
      "a value is of another type than is wanted in its place: LIMIT takes whole numbers up to 9223372036854775807. Where no"
      + " statement of yours was run, run `meshweft check` on the database.",
    SQLITE_MISUSE:
      "it is closed already. Run the command again; if that does not help, it is a bug of meshweft's.",
    SQLITE_NOLFS: "it is larger than files can be here. Put it on another file system, or prune it.",
    SQLITE_AUTH: "a statement may not do this. Only statements that read are run.",
    SQLITE_FORMAT: "its format is not SQLite's. Run `meshweft check` on the database.",
  ]

  /// SQLite says the same of a folder that is missing, one that may not be written, and too many files.
  private static func cannotOpen(_ path: String) -> String {
    let file = StoreFile(path: path)
    let folder = file.name.place.folder
    guard let status = FileStatus(folder) ?? FileStatus(file.name.folder) else {
      return "its folder is not there. Make it, or name another file with --db."
    }
    guard status.kind == .folder else {
      return "it cannot be opened: it is said to be in a file. Name another one with --db."
    }
    return
      "it cannot be opened. Check that you may read and write it and its folder, that no more files are open than"
      + " allowed (`ulimit -n`), and that its -wal and -shm files are not those of another user."
  }

  /// Extended codes count in steps of 256.
  private static func ioError(_ code: Int32, _ path: String) -> String {
    if code == noRoomForIndex {
      return
        "there is no room for its -shm file, or the file system does not let processes share one (network file systems "
        + "often do not). Make room, or put the database on a local disk."
    }
    let locks: Set<Int32> = [8, 9, 14, 15, 17, 20, 21, 24]
    if locks.contains(code >> 8) {
      return "the file system does not lock or share it as SQLite needs (network file systems often do not). "
        + "Put the database on a local disk."
    }
    return
      "it cannot be read or written: the disk or the file system fails. What was reported as stored is stored; "
      + "look at the system's log, and run `meshweft check` when it works again."
  }
}
