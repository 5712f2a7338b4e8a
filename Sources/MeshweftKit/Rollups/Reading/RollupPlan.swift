internal import Queries
internal import TraceStore

/// Which rows a report reads: the widest spans of the rollup that lie in its window, and what is finer at the edges and where
/// a span is not listed (docs/explanation/decisions/0010-coarse-rollups.md).
struct RollupPlan {
  /// Spans that will do.
  enum Spans {
    /// None: the report needs to know in which unit of time something was.
    case none
    case any
    /// Those that lie whole in the buckets of a width, microseconds.
    case dividing(Int64)

    fileprivate func includes(_ width: Int64) -> Bool {
      switch self {
      case .none: false
      case .any: true
      case .dividing(let bucket): bucket % width == 0
      }
    }
  }

  /// Spans of one width that follow each other, or units.
  struct Segment: Equatable {
    /// Microseconds; 0 for units.
    var width: Int64
    /// Microseconds since the epoch, from (inclusive) and to (exclusive).
    var since: Int64
    var until: Int64

    /// Of legs.sql and leg_spans.sql.
    var parameters: [String: SQLValue] {
      var parameters: [String: SQLValue] = ["since_us": .integer(since), "until_us": .integer(until)]
      if width > 0 { parameters["width_us"] = .integer(width) }
      return parameters
    }
  }

  /// In the order of time, without gaps between them.
  private(set) var list: [Segment] = []

  private let reader: StoreReader
  private let widths: [Int64]
  private let connections: Bool
  /// Spans of one segment lie in one bucket of this width, microseconds.
  private let bucket: Int64?

  /// `connections`: whether only spans will do whose connections are known.
  /// - Throws: `StoreError`
  init(_ reader: StoreReader, _ window: LegTable.Window, _ spans: Spans, connections: Bool) throws {
    let range = (window.since ?? .min)..<max(window.since ?? .min, window.until ?? .max)
    try self.init(reader, range, RollupSpan.widths.filter(spans.includes), spans, connections: connections)
  }

  /// Of a stretch of time, in spans narrower than a width, microseconds.
  /// - Throws: `StoreError`
  init(_ reader: StoreReader, _ range: Range<Int64>, narrowerThan width: Int64) throws {
    try self.init(reader, range, RollupSpan.widths.filter { $0 < width }, .any, connections: false)
  }

  private init(
    _ reader: StoreReader, _ range: Range<Int64>, _ widths: [Int64], _ spans: Spans, connections: Bool
  ) throws {
    self.reader = reader
    self.widths = widths
    self.connections = connections
    if case .dividing(let width) = spans { bucket = width } else { bucket = nil }
    try cover(range, widths[...])
  }

  /// Adds the segments of a stretch of time; the widths that may be used are ascending.
  private mutating func cover(_ range: Range<Int64>, _ widths: ArraySlice<Int64>) throws {
    if range.isEmpty { return }
    guard let width = widths.last else {
      return list.append(Segment(width: 0, since: range.lowerBound, until: range.upperBound))
    }
    var end = range.lowerBound
    for start in try starts(width, range) {
      try cover(end..<start, widths.dropLast())
      append(width, start)
      end = start + width
    }
    try cover(end..<range.upperBound, widths.dropLast())
  }

  private func starts(_ width: Int64, _ range: Range<Int64>) throws -> [Int64] {
    let parameters: [String: SQLValue] = [
      "width_us": .integer(width), "since_us": .integer(range.lowerBound),
      "until_us": .integer(range.upperBound), "connections": .integer(connections ? 1 : 0),
    ]
    var starts: [Int64] = []
    try reader.run(.rollupSpans, parameters) { starts.append($0.number(0)) }
    return starts
  }

  private mutating func append(_ width: Int64, _ start: Int64) {
    if let last = list.last, last.width == width, last.until == start,
      bucket.map({ RollupSpan.start(start, $0) == RollupSpan.start(last.since, $0) }) ?? true
    {
      list[list.count - 1].until = start + width
    } else {
      list.append(Segment(width: width, since: start, until: start + width))
    }
  }
}
