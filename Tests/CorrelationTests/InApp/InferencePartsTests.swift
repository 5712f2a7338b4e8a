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
    let density = GapDensity(counts[...], GapEdges(bins))
    var mass: Double = 0
    for bin in counts.indices { mass += Double(density.perMicrosecond[bin]) * bins.width(bin) }
    #expect(abs(mass - 1) < 0.01)
    #expect(density.perMicrosecond.allSatisfy { $0 > 0 })
  }

  /// By the definition: the smallest window around each bin that holds enough, looked for bin by bin.
  private static func slowly(_ counts: [Float], _ bins: GapBins) -> [Float] {
    let seen = counts.reduce(0, +)
    let flat = counts.indices.map { 1 / Float(GapBins.count) / Float(bins.width($0)) }
    guard seen > 0 else { return flat }
    let threshold = min(seen, 2 + 0.5 * seen.squareRoot()) * 0.999
    var sums: [Float] = [0]
    var edges: [Double] = [0]
    for bin in counts.indices {
      sums.append(sums[bin] + counts[bin])
      edges.append(edges[bin] + bins.width(bin))
    }
    let raw = counts.indices.map { bin in
      for reach in 0...counts.count {
        let (low, high) = (max(0, bin - reach), min(counts.count, bin + reach + 1))
        if sums[high] - sums[low] >= threshold || (low == 0 && high == counts.count) {
          return (sums[high] - sums[low]) / Float(edges[high] - edges[low])
        }
      }
      return Float.nan
    }
    let mass = raw.indices.reduce(Float(0)) { $0 + raw[$1] * Float(bins.width($1)) }
    return raw.indices.map { raw[$0] * (seen / (mass * (seen + 2))) + flat[$0] * (2 / (seen + 2)) }
  }

  @Test(arguments: 1...60)
  func `a density is bit for bit what its definition says`(seed: UInt64) {
    var dice = Dice(state: seed)
    let bins = GapBins(unit: seed % 2 == 0 ? 1 : 1000)
    var counts = [Float](repeating: 0, count: GapBins.count)
    let last = [1, 20, 80, GapBins.count][Int(seed % 4)]
    for _ in 0..<dice.roll(0..<200) {
      // Whole gaps, and shares of them.
      counts[Int(dice.roll(0..<Int64(last)))] += seed % 3 == 0 ? 1 : Float(dice.roll(1..<1000)) / 777
    }
    #expect(GapDensity(counts[...], GapEdges(bins)).perMicrosecond == Self.slowly(counts, bins))
  }
}

struct GapTableTests {
  @Test func `a row has numbers from its first count on`() {
    var table = GapTable(rows: 4)
    #expect((0..<4).allSatisfy { !table.has($0) })
    for bin in [3, 3, 7] { table.count(2, bin: bin) }
    #expect(table.has(2) && !table.has(1))
    #expect(table[2, 3] == 2 && table[2, 7] == 1 && table.bins(of: 2).reduce(0, +) == 3)
    #expect(table.values.count == GapBins.count)
  }

  @Test func `a model has numbers of its own for what was seen, not for each pair of kinds`() {
    let shape = ModelShape(requestTypes: 3, callTypes: 10, bins: GapBins(unit: 1))
    var counts = ModelCounts(shape: shape)
    let (event, act) = (ModelShape.requestStarts, 4)
    for gap in [100, 110, 120] as [Int64] {
      counts.gaps.count(shape.gapRow(type: 1, event: event, act: act), bin: shape.bins.bin(gap))
    }
    let model = RequestModel(
      learning: counts, mostLost: [Double](repeating: 1, count: 10), busyMicroseconds: 1e6, doubt: 0,
      isFirst: false)
    // Those of nothing seen, of all kinds of requests together, and of the one that it was seen of.
    #expect(model.logDensity.values.count == 3 * GapBins.count)
    let seen = shape.bins.bin(110)
    func density(_ type: Int, _ act: Int) -> Float {
      model.logDensity[shape.gapRow(type: type, event: event, act: act), seen]
    }
    #expect(density(1, act) > density(0, act))
    #expect(density(0, act) == density(2, act))
    #expect(density(0, act) > density(0, act + 1))
  }
}
