internal import GRDBSQLite

/// The rows of a table with an integer key, in its order, past whatever of it cannot be read.
///
/// Behind a damaged page the next readable key is found by doubling and halving the distance: some sixty seeks, each of
/// which fails fast. So of a table nothing is lost but what stands on damaged pages.
struct TableWalk {
  private let statement: RawStatement
  private var last = Int64.min
  private var lastButOne = Int64.min
  /// Keys of rows that were given, or passed over, and cannot be theirs.
  private(set) var wrongKeys: [Int64] = []
  /// Stretches that could not be read.
  private(set) var gaps = 0

  /// `columns` begins with the key.
  /// - Throws: where the table's definition cannot be read.
  init(_ store: DamagedStore, table: String, columns: [String]) throws(SQLiteFailure) {
    let names = columns.joined(separator: ", ")
    statement = try store.statement(
      "SELECT \(names) FROM \(table) WHERE \(columns[0]) > ?1 ORDER BY \(columns[0])")
    statement.bind(1, last)
  }

  /// The row that it is at, valid until the next call; nil behind the last one.
  mutating func next() -> RawStatement? {
    while true {
      do throws(SQLiteFailure) {
        guard try statement.step() else { return nil }
        if accepts(statement.integer(0)) { return statement }
      } catch {
        gaps += 1
        guard seekPastDamage() else { return nil }
      }
    }
  }

  /// Keys that do not rise are damage that SQLite did not see: of two that contradict each other, the one that the
  /// rows around it contradict, too.
  private mutating func accepts(_ key: Int64) -> Bool {
    if key <= last {
      guard key > lastButOne else {
        wrongKeys.append(key)
        return false
      }
      wrongKeys.append(last)
    } else {
      lastButOne = last
    }
    last = key
    return true
  }

  private mutating func seekPastDamage() -> Bool {
    var (bad, good): (Int64, Int64) = (0, 1)
    while !canRead(behind: last, good) {
      let (double, overflow) = good.multipliedReportingOverflow(by: 2)
      guard !overflow, !last.addingReportingOverflow(double).overflow else { return false }
      (bad, good) = (good, double)
    }
    while good - bad > 1 {
      let middle = bad + (good - bad) / 2
      if canRead(behind: last, middle) { good = middle } else { bad = middle }
    }
    last += good
    begin(behind: last)
    return true
  }

  private func canRead(behind key: Int64, _ distance: Int64) -> Bool {
    begin(behind: key + distance)
    do throws(SQLiteFailure) {
      return try !statement.step() || statement.integer(0) > key + distance
    } catch {
      return false
    }
  }

  private func begin(behind key: Int64) {
    statement.reset()
    statement.bind(1, key)
  }
}

extension RawStatement {
  /// Binds a column of another statement's row to a parameter, as it is.
  func bind(_ parameter: Int32, _ column: Int32, of row: RawStatement) {
    switch row.type(column) {
    case SQLITE_INTEGER: bind(parameter, row.integer(column))
    case SQLITE_FLOAT: bindDouble(parameter, row.double(column))
    case SQLITE_TEXT: bindText(parameter, row.text(column))
    // Safe: the bytes are copied before the row's statement steps on, and copied once more as they are bound.
    case SQLITE_BLOB: bindBlob(parameter, unsafe row.withBytes(column) { unsafe Array($0) })
    default: bindNull(parameter)
    }
  }
}
