import Foundation
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Whatever is committed between two statements of a report, it is of one moment: what it says is what was there before,
/// or what was there after, and never some of each.
@Suite struct `A report beside a writer` {
  struct Entry: Sendable, CustomTestStringConvertible {
    var name: String
    /// Prints the report of a database.
    var print: @Sendable (String) throws -> [UInt8]
    var testDescription: String { name }
  }

  /// Two stores of which nothing is alike, and a request id of several hops of the first one.
  private struct Stores: Sendable {
    private let folders: [ScratchFolder]
    let first: String
    let second: String
    let id: String

    init() throws {
      let set = try LogSetPlace.samples.load().sampled(to: 300)
      let (one, other) = (try ScratchMesh(), try ScratchMesh())
      try one.feed(
        set.files.map { LogFile(name: $0.name, lines: Array($0.lines.prefix($0.lines.count / 2))) },
        IngestOptions())
      try other.feed(
        set.files.map { log in
          LogFile(
            name: log.name.replacing("default", with: "other"),
            lines: Array(log.lines.suffix(log.lines.count / 3)))
        }, IngestOptions())
      folders = [one.folder, other.folder]
      (first, second) = (one.database, other.database)
      let ids = try one.read { try $0.hops() }.compactMap(\.requestID)
      let counts = ids.reduce(into: [:]) { $0[$1, default: 0] += 1 }
      id = try #require(counts.max { ($0.value, $0.key) < ($1.value, $1.key) }).key
    }
  }

  private static let stores = Result { try Stores() }

  private static var lastMinutes: TimeWindow { last("2m") }

  private static func last(_ since: String) -> TimeWindow {
    var window = TimeWindow()
    window.since = since
    return window
  }

  private static let entries: [Entry] =
    LoadOptions.Grouping.allCases.map { grouping in
      Entry(name: "load by \(grouping)") { database in
        var options = LoadOptions()
        options.grouping = grouping
        options.window = lastMinutes
        return try LoadReport(database: database, options: options).rendered(as: .json)
      }
    }
    + TraceSearchOptions.Order.allCases.map { order in
      Entry(name: "traces, \(order)") { database in
        var options = TraceSearchOptions()
        options.order = order
        options.window = lastMinutes
        return try TraceSearch(database: database, options: options).rendered(as: .json)
      }
    } + [
      Entry(name: "imbalance") {
        try ImbalanceReport(database: $0, options: ImbalanceOptions()).rendered(as: .json)
      },
      Entry(name: "paths") {
        try PathsReport(database: $0, window: lastMinutes).rendered(as: .json)
      },
      Entry(name: "graph") {
        try GraphReport(database: $0, window: lastMinutes).rendered(as: .dot)
      },
      Entry(name: "clocks") { try ClockReport(database: $0).rendered(as: .json) },
      Entry(name: "doctor") { try Doctor(database: $0).rendered(as: .table) },
      Entry(name: "sources") { try SourceListing(database: $0).rendered(as: .json) },
      Entry(name: "metrics") { try OpenMetrics(database: $0).rendered(as: .openMetrics) },
      Entry(name: "check") { Array(try StoreCheck(database: $0).problems().joined(separator: "\n").utf8) },
      Entry(name: "query") {
        try UserQuery(database: $0, name: "hops", parameters: []).rendered(as: .json)
      },
      Entry(name: "report") {
        try HTMLReport(database: $0, options: HTMLReportOptions()).rendered(as: .html)
      },
      Entry(name: "hops") { database in
        var options = HopListingOptions()
        options.window = last("5s")
        return try HopListing(database: database, options: options).rendered(as: .ndjson)
      },
      Entry(name: "export traces") { database in
        try TraceExport(database: database, window: last("5s")).rendered(as: .ndjson)
      },
      Entry(name: "trace") { database in
        let id = try stores.get().id
        do {
          return try TraceReport(database: database, id: id).rendered(as: .json)
        } catch let error as TraceLookupError {
          return Array(error.description.utf8)
        }
      },
    ]

  @Test(arguments: entries)
  func `is of the moment before or of the one after`(entry: Entry) throws {
    let stores = try Self.stores.get()
    let folder = try ScratchFolder()
    let path = folder.file("mesh.db")
    func printed(swapBefore number: Int, _ first: String) throws -> ([UInt8], statements: Int) {
      let interference = try Interference(path: path, first: first, second: stores.second)
      return try interference.before(statement: number) { try entry.print(path) }
    }
    let (before, count) = try printed(swapBefore: .max, stores.first)
    let (after, _) = try printed(swapBefore: .max, stores.second)
    if entry.name != "check" { #expect(before != after) }
    // The first ones open the database; a report of very many statements is looked at here and there.
    for number in stride(from: 1, through: count, by: max(1, count / 40)) {
      let (bytes, _) = try printed(swapBefore: number, stores.first)
      #expect(
        bytes == before || bytes == after, "something was committed before statement \(number) of \(count)")
      if number == 1 { #expect(bytes == after) }
    }
  }
}
