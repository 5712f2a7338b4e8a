import Testing

@testable import AccessLog

@Suite struct `Of lines that are equal to the byte` {
  /// Which occurrence each line is; lines as name, start and end in milliseconds.
  private static func occurrences(_ lines: [(String, Int64, Int64)], precision: Int64 = 2000) -> [UInt32] {
    var window = OccurrenceWindow()
    return lines.map { name, start, end in
      let hash = PaddedBytes.withCopy(of: name.bytes) { Hash128.of($0, seed: 0) }
      let times = OccurrenceWindow.Times(start: start * 1000, end: end * 1000, precision: precision)
      return window.occurrence(of: hash, source: .init(), at: times)
    }
  }

  @Test func `those next to each other are two, those in a log that begins again are one`() {
    let log: [(String, Int64, Int64)] = [("a", 0, 10), ("b", 5, 900), ("b", 5, 900), ("c", 850, 905)]
    #expect(Self.occurrences(log) == [0, 0, 1, 0])
    #expect(Self.occurrences(log + log) == [0, 0, 1, 0, 0, 0, 1, 0])
  }

  @Test func `a log of connections that were all opened at once begins again, too`() {
    let log: [(String, Int64, Int64)] = [("a", 3, 1000), ("b", 0, 2000), ("c", 3, 3000)]
    #expect(Self.occurrences(log + log + log) == [0, 0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func `a log that was sorted by start is one pass`() {
    #expect(Self.occurrences([("a", 0, 5000), ("b", 10, 20), ("b", 10, 20), ("c", 30, 40)]) == [0, 0, 1, 0])
  }

  @Test func `some milliseconds of disorder do not begin a log again`() {
    #expect(
      Self.occurrences([("a", 0, 500), ("b", 100, 520), ("c", 90, 505), ("b", 100, 520)]) == [0, 0, 0, 1])
  }

  @Test func `times in whole seconds are allowed their disorder`() {
    let log: [(String, Int64, Int64)] = [("a", 6000, 6000), ("b", 5000, 5600), ("a", 6000, 6000)]
    #expect(Self.occurrences(log, precision: 1_001_000) == [0, 0, 1])
  }
}
