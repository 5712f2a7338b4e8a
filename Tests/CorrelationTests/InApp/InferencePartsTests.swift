import Testing

@testable import Correlation

struct GapBinsTests {
  @Test(arguments: [Int64(1), 1000])
  func `bins follow each other without holes and are as wide as they say`(unit: Int64) {
    let bins = GapBins(unit: unit)
    var gap: Int64 = 0
    for bin in GapBins.negative..<GapBins.count - 8 {
      #expect(bins.bin(gap) == bin)
      gap += Int64(bins.width(bin))
      #expect(bins.bin(gap - 1) == bin)
    }
  }

  @Test func `any gap has a bin`() {
    let bins = GapBins(unit: 1)
    #expect(bins.bin(.max / 8) == GapBins.count - 1)
    #expect(bins.bin(-1) == 1)
    #expect(bins.bin(.min / 8) == 0)
  }
}

struct GapDensityTests {
  @Test(arguments: [0, 1, 30, 5000])
  func `a density adds up to one whatever was seen`(seen: Int) {
    let bins = GapBins(unit: 1)
    var counts = [Float](repeating: 0, count: GapBins.count)
    for number in 0..<seen { counts[30 + number % 20] += 1 }
    let density = GapDensity(counts, bins: bins, fallback: nil)
    var mass: Double = 0
    for bin in counts.indices { mass += Double(density.perMicrosecond[bin]) * bins.width(bin) }
    #expect(abs(mass - 1) < 0.01)
    #expect(density.perMicrosecond.allSatisfy { $0 > 0 })
  }
}
