/// Counts of numbers by their magnitude, eight steps to the octave.
struct OctaveHistogram {
  private var counts = [Int](repeating: 0, count: 64 * 8)
  private var total = 0

  /// Numbers below zero are left out.
  mutating func add(_ number: Int64) {
    guard number >= 0 else { return }
    counts[Self.step(number)] += 1
    total += 1
  }

  private static func step(_ number: Int64) -> Int {
    if number < 8 { return Int(number) }
    let octave = 63 - number.leadingZeroBitCount
    return (octave - 2) * 8 + Int(number >> Int64(octave - 3)) & 7
  }

  /// A number that no more than so many of a million exceed; 0 where none was added.
  func bound(exceptions: Int) -> Int64 {
    var above = 0
    for step in counts.indices.reversed() where counts[step] > 0 {
      above += counts[step]
      if above * 1_000_000 > total * exceptions { return Self.largest(step) }
    }
    return 0
  }

  private static func largest(_ step: Int) -> Int64 {
    if step < 8 { return Int64(step) }
    let (octave, part) = step.quotientAndRemainder(dividingBy: 8)
    return (Int64(9 + part) << Int64(octave - 1)) &- 1
  }
}
