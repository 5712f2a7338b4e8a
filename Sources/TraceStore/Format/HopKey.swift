internal import AccessLog

/// The key of a hop: its start in milliseconds in the high 43 bits, 20 bits of its identity's hash in the low ones.
///
/// Time order, de-duplication, range scans, pruning by age and near-sequential writes are then one B-tree
/// (docs/explanation/decisions/0002-key.md).
enum HopKey {
  static let hashBits: Int64 = 20
  static let hashMask: Int64 = (1 << hashBits) - 1
  /// The last millisecond that a key can hold, in the year 2248. Later starts share it, and differ by their offset.
  static let lastMillisecond: Int64 = (1 << 43) - 1
  /// Keys tried within one millisecond before the next is taken.
  static let probesPerMillisecond = 8

  /// The millisecond whose keys a start belongs to: rounded down, and clamped to what a key can hold.
  static func millisecond(ofStart microseconds: Int64) -> Int64 {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1000)
    return min(max(remainder < 0 ? quotient - 1 : quotient, 0), lastMillisecond)
  }

  /// The first key to try.
  static func first(start: Int64, low: UInt64) -> Int64 {
    millisecond(ofStart: start) << hashBits | Int64(low & UInt64(hashMask))
  }

  /// The key to try after `attempt` others were taken by other hops (1, 2, …), derived from the first alone.
  ///
  /// Eight keys in the millisecond, an odd step apart that depends on the identity; then eight in the next
  /// millisecond, or in the one before where the last is reached: a key never wraps. The second of all is a step of
  /// its own away, `nearest`, where there is one.
  static func probe(_ first: Int64, check: Int64, nearest: Int64? = nil, attempt: Int) -> Int64 {
    assert(first >= 0 && attempt > 0)
    let (blocks, tries) = attempt.quotientAndRemainder(dividingBy: probesPerMillisecond)
    let base = first >> hashBits
    let forward = base + Int64(blocks)
    let block = forward <= lastMillisecond ? forward : base - Int64(blocks)
    let step = check & hashMask | 1
    let distance = attempt == 1 ? nearest ?? step : step &* Int64(tries)
    return block << hashBits | ((first & hashMask) &+ distance) & hashMask
  }

  /// Microseconds from the key's millisecond to the hop's start.
  static func offset(ofStart microseconds: Int64, from key: Int64) -> Int64 {
    microseconds - (key >> hashBits) * 1000
  }

  /// More bits of the identity: together with the key they tell a duplicate from a collision. 48 of those that only the
  /// database's secret tells, for anybody can choose lines that want one key; 32 where nothing is secret.
  @inline(__always)
  static func check(_ identity: (high: UInt64, low: UInt64), _ lines: HashSecret.Lines = .body) -> Int64 {
    switch lines {
    case .open: Int64(Int32(truncatingIfNeeded: identity.high))
    case .keyed, .body: Int64(truncatingIfNeeded: identity.high << 16) >> 16
    }
  }

  /// How far away a hop whose first key is taken looks next. By bits that do not depend on the database, as those of the first
  /// key: so hops of one millisecond are in one order in every database, but for those few that find both taken.
  static func nearestStep(_ identity: (high: UInt64, low: UInt64), _ lines: HashSecret.Lines) -> Int64? {
    lines == .open ? nil : Int64(truncatingIfNeeded: identity.low >> UInt64(hashBits)) & hashMask | 1
  }

  /// Starts are kept within ±2⁶¹ µs (73 000 years), so that no sum of them overflows.
  static func clamped(_ microseconds: Int64) -> Int64 {
    min(max(microseconds, -(1 << 61)), 1 << 61)
  }
}
