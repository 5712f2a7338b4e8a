import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

@Suite("Durations in three digits")
struct DurationHistogramTests {
  @Test(
    arguments: [
      (0, 0), (1, 1), (999, 999), (1000, 1000), (1004, 1000), (1005, 1010), (9995, 10_000), (49_000, 49_000),
      (123_456, 123_000), (999_499, 999_000), (999_500, 1_000_000), (-5, 0),
    ] as [(Int64, Int64)])
  func `a duration stands for its three leading digits`(_ duration: Int64, _ rounded: Int64) {
    #expect(DurationHistogram.microseconds(DurationHistogram.bin(duration)) == rounded)
  }

  @Test func `whole milliseconds below a second stay what they are`() {
    for milliseconds in Int64(0)..<1000 {
      #expect(
        DurationHistogram.microseconds(DurationHistogram.bin(milliseconds * 1000)) == milliseconds * 1000)
    }
  }

  @Test func `no duration is off by more than half a percent`() {
    var duration: Int64 = 1
    while duration < DurationHistogram.largest {
      let rounded = DurationHistogram.microseconds(DurationHistogram.bin(duration))
      #expect(abs(Double(rounded - duration)) <= 0.005 * Double(duration), "\(duration) became \(rounded)")
      duration = duration * 11 / 10 + 1
    }
  }

  @Test func `quantiles are of the nearest rank, and parts add up to the whole`() {
    // 1 to 10 ms: rank ⌈0.5·10⌉ = 5, ⌈0.9·10⌉ = 9, ⌈0.99·10⌉ = 10.
    let bins = (1...10).map { DurationHistogram.bin(Int64($0) * 1000) }
    var whole = DurationSum()
    whole.add(encoded: DurationHistogram(unsorted: Array(bins[..<3])).encoded)
    whole.add(encoded: DurationHistogram(unsorted: Array(bins[3...].reversed())).encoded)
    #expect(whole.count == 10)
    #expect(whole.quantile(0.5) == 5000)
    #expect(whole.quantile(0.9) == 9000)
    #expect(whole.quantile(0.99) == 10_000)
    #expect(whole.sum == 55_000)
    #expect(whole.counts(upTo: [4000, 9000, 90_000]) == [4, 9, 10])
    #expect(DurationSum().quantile(0.5) == nil)
  }

  @Test func `damaged histograms count what can be read and no more`() {
    let encoded = DurationHistogram(unsorted: [5, 5, 700]).encoded
    var cut = DurationSum()
    cut.add(encoded: Array(encoded.dropLast()))
    #expect(cut.count == 2)
    var wild = DurationSum()
    wild.add(encoded: [UInt8](repeating: 0xFF, count: 40))
    #expect(wild.count == 0)
  }

  /// Distances that lead beyond all durations, and around; counts that nobody has counted.
  @Test(arguments: [[UInt64.max >> 1, 1], [1, UInt64.max >> 1], [1, 1, UInt64.max >> 1, 1]])
  func `what is damaged of a histogram is added to none`(wild: [UInt64]) {
    let encoded = DurationHistogram(unsorted: [5, 5, 700]).encoded
    var damaged: [UInt8] = []
    for number in wild + wild + wild { LEB128.append(number, to: &damaged) }
    var expected = DurationSum()
    expected.add(encoded: encoded)
    expected.add(encoded: damaged)
    for sum in [
      DurationHistogram.adding(encoded.span, damaged.span),
      DurationHistogram.adding(damaged.span, encoded.span),
    ] {
      var times = DurationSum()
      times.add(encoded: sum)
      #expect((times.count, times.sum) == (expected.count, expected.sum))
    }
  }

  /// Parts in any order: with bins that there is room for and bins that there is none for, each alone and among others.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `sums of encoded parts are sums of their bins`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var sum = DurationSum()
    var expected: [UInt16: Int64] = [:]
    for _ in 0..<30 {
      let largest = UInt16.random(in: 0...9000, using: &random)
      let part = (0..<Int.random(in: 0...300, using: &random)).map { _ in
        UInt16.random(in: 0...largest, using: &random)
      }
      for bin in part { expected[bin, default: 0] += 1 }
      sum.add(encoded: DurationHistogram(unsorted: part).encoded)
    }
    #expect(sum.bins.map(\.bin) == expected.keys.sorted())
    #expect(sum.bins.allSatisfy { expected[$0.bin] == $0.count })
    #expect(sum.count == expected.values.reduce(0, +))
  }

  /// A count of 2^62 behind what is right, in a bin that there is room for already: the rest of it is left out.
  @Test func `a count that cannot be ends a histogram`() {
    var sum = DurationSum()
    sum.add(encoded: [200, 1, 3])
    sum.add(encoded: [1, 2, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 1, 5])
    #expect(sum.bins.map(\.bin) == [1, 200])
    #expect(sum.count == 5)
  }
}
