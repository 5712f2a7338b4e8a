/// Where the lines of one file are put together, byte by byte; the owner empties it between lines.
///
/// No bounds are checked per byte: the owner calls `hasRoomForLine` before each line, and no line is longer
/// than `longestLineBytes` (the longest there is, an ASM client line, has about 900).
@safe
struct ByteSink: ~Copyable {
  static let capacityBytes = 256 * 1024
  static let longestLineBytes = 4096

  private let start = UnsafeMutablePointer<UInt8>.allocate(capacity: capacityBytes)
  private(set) var count = 0

  deinit {
    unsafe start.deallocate()
  }

  var hasRoomForLine: Bool { count + Self.longestLineBytes <= Self.capacityBytes }

  /// Hands out what has been written and starts again at the front.
  mutating func drain(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
    count = 0
  }

  mutating func append(_ byte: UInt8) {
    unsafe start[count] = byte
    count &+= 1
  }

  /// Writes another byte over one that is there.
  mutating func overwrite(at place: Int, with byte: UInt8) { unsafe start[place] = byte }

  mutating func append(_ text: Text, from pool: TextPool) {
    unsafe (start + count).update(from: pool.base + Int(text.offset), count: Int(text.length))
    count &+= Int(text.length)
  }

  /// A number of 0 or more, in decimal.
  mutating func append(decimal number: Int) {
    var digits = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    rest = number
    var position = count + digits
    count = position
    repeat {
      position -= 1
      unsafe start[position] = UInt8(truncatingIfNeeded: 48 + rest % 10)
      rest /= 10
    } while rest > 0
  }

  /// A number in exactly `width` digits, zeros in front.
  mutating func append(_ number: Int, width: Int) {
    var rest = number
    var position = count + width
    count = position
    for _ in 0..<width {
      position -= 1
      unsafe start[position] = UInt8(truncatingIfNeeded: 48 + rest % 10)
      rest /= 10
    }
  }

  mutating func append(_ address: Address) {
    for shift in [24, 16, 8, 0] {
      append(decimal: Int((address.ipv4 >> UInt32(shift)) & 0xFF))
      append(shift == 0 ? UInt8(ascii: ":") : UInt8(ascii: "."))
    }
    append(decimal: Int(address.port))
  }

  mutating func append(_ id: RequestID) {
    appendHex(id.high >> 32, digits: 8)
    append(UInt8(ascii: "-"))
    appendHex(id.high >> 16, digits: 4)
    append(UInt8(ascii: "-"))
    appendHex(id.high, digits: 4)
    append(UInt8(ascii: "-"))
    appendHex(id.low >> 48, digits: 4)
    append(UInt8(ascii: "-"))
    appendHex(id.low, digits: 12)
  }

  private mutating func appendHex(_ word: UInt64, digits: Int) {
    var rest = word
    var position = count + digits
    count = position
    for _ in 0..<digits {
      position -= 1
      let nibble = UInt8(truncatingIfNeeded: rest & 0xF)
      unsafe start[position] = nibble < 10 ? 48 + nibble : 87 + nibble
      rest >>= 4
    }
  }

  /// RFC 3339, UTC; `fractionDigits` of the second, 3 (cut, as Envoy does) or 9.
  mutating func append(epochMicroseconds: Int, fractionDigits: Int) {
    let seconds = epochMicroseconds / 1_000_000
    let fraction = epochMicroseconds % 1_000_000
    let date = CivilDate(daysSinceEpoch: seconds / 86_400)
    append(date.year, width: 4)
    append(UInt8(ascii: "-"))
    append(date.month, width: 2)
    append(UInt8(ascii: "-"))
    append(date.day, width: 2)
    append(UInt8(ascii: "T"))
    append(seconds / 3600 % 24, width: 2)
    append(UInt8(ascii: ":"))
    append(seconds / 60 % 60, width: 2)
    append(UInt8(ascii: ":"))
    append(seconds % 60, width: 2)
    append(UInt8(ascii: "."))
    append(fractionDigits == 3 ? fraction / 1000 : fraction * 1000, width: fractionDigits)
    append(UInt8(ascii: "Z"))
  }
}

/// A day of the Gregorian calendar (Howard Hinnant's `civil_from_days`, for days from 1970 on).
struct CivilDate {
  let year: Int
  let month: Int
  let day: Int

  init(daysSinceEpoch: Int) {
    let shifted = daysSinceEpoch + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}
