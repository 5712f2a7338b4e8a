internal import ArgumentParser
internal import GRDBSQLite
internal import Glibc

struct Yardstick: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures what this machine can do at best: reading bytes, writing rows.",
    subcommands: [ReadYardstick.self, RowsYardstick.self])
}

struct ReadYardstick: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Reads files into a 1 MiB buffer and adds up their bytes, 8 at a time.")

  private static let bufferBytes = 1 << 20

  @Argument(help: "The files to read.")
  var files: [String]

  func run() throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 64)
    defer { unsafe buffer.deallocate() }
    var sum: UInt64 = 0
    var bytes = 0
    let begin = ContinuousClock.now
    for file in files {
      try unsafe read(file, through: buffer) { count in
        let words = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<(count & ~7)]).bindMemory(
          to: UInt64.self)
        sum = unsafe words.reduce(sum, &+)
        bytes += count
      }
    }
    let duration = begin.duration(to: .now)
    // The sum is printed so that the loop cannot be optimised away.
    print("sum=\(sum)", terminator: " ")
    Measurement(row: "yardstick-read", bytes: bytes, duration: duration).report()
  }

  private func read(
    _ file: String, through buffer: UnsafeMutableRawBufferPointer, block: (Int) -> Void
  ) throws {
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ReadFailure(path: file, reason: lastSystemError()) }
    defer { close(descriptor) }
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw ReadFailure(path: file, reason: lastSystemError()) }
      guard count > 0 else { return }
      block(count)
    }
  }
}

/// A file could not be read.
struct ReadFailure: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "cannot read \(path): \(reason)" }
}

struct RowsYardstick: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rows",
    abstract: "Writes rows of integers in key order into a SQLite table, nothing around it.")

  private static let rowsPerTransaction = 65_536

  @Option(help: "How many rows.")
  var rows: Int

  @Option(help: "How many integer columns beside the key.")
  var columns = 20

  @Option(help: "The database file; it must not exist.")
  var db: String

  func validate() throws {
    guard rows > 0, columns > 0 else { throw ValidationError("--rows and --columns must be 1 or more.") }
  }

  func run() throws {
    let database = try SQLiteTable(path: db, columns: columns)
    let begin = ContinuousClock.now
    var random = SplitMix64(seed: 1)
    for first in stride(from: 0, to: rows, by: Self.rowsPerTransaction) {
      try database.inTransaction {
        for row in first..<min(rows, first + Self.rowsPerTransaction) {
          try database.insert(key: Int64(row), random: &random)
        }
      }
    }
    Measurement(row: "yardstick-rows", rows: rows, duration: begin.duration(to: .now)).report()
  }
}
