/// A number for each bin of a gap, by row of (request type, event, act).
///
/// Of the thousands of rows that a workload's kinds of requests and calls make, gaps are seen in a few hundred: only these
/// have numbers of their own, so that a model is learned in time that follows what was seen, not the square of the kinds.
struct GapTable {
  /// Where a row's numbers begin in `values`; -1: it has none.
  private var starts: [Int32]
  private(set) var values: [Float] = []

  /// No row has numbers.
  init(rows: Int) { starts = [Int32](repeating: -1, count: rows) }

  /// Rows that have numbers, each its own; `values`: by row of `owners` and bin.
  init(rows: Int, owners: [Int32], values: [Float]) {
    assert(values.count == owners.count * GapBins.count)
    self.init(rows: rows)
    for (place, row) in owners.enumerated() { starts[Int(row)] = Int32(place * GapBins.count) }
    self.values = values
  }

  /// How many numbers there would be if each row had its own.
  var size: Int { starts.count * GapBins.count }

  func has(_ row: Int) -> Bool { starts[row] >= 0 }

  /// The numbers of a row that has some.
  func bins(of row: Int) -> ArraySlice<Float> {
    let start = Int(starts[row])
    assert(start >= 0)
    return values[start..<start + GapBins.count]
  }

  /// A number of a row that has some.
  @inline(__always)
  subscript(row: Int, bin: Int) -> Float { values[Int(starts[row]) + bin] }

  /// Counts one more in a bin.
  @inline(__always)
  mutating func count(_ row: Int, bin: Int) {
    if starts[row] < 0 { share(row, append(repeatElement(0, count: GapBins.count))) }
    values[Int(starts[row]) + bin] += 1
  }

  /// Takes in numbers for one or more rows.
  /// - Returns: what `share` gives them to rows by.
  mutating func append(_ numbers: some Collection<Float>) -> Int32 {
    assert(numbers.count == GapBins.count)
    defer { values.append(contentsOf: numbers) }
    return Int32(values.count)
  }

  mutating func share(_ row: Int, _ start: Int32) { starts[row] = start }
}
