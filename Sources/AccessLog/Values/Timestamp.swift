/// An instant as a log line gave it.
package struct Timestamp: Sendable, Equatable {
  /// Since the Unix epoch.
  package var microseconds: Int64
  /// Microseconds per unit of what was written: 1 000 000, 1000, or 1.
  package var precisionMicroseconds: Int32
  /// It was the leap second 23:59:60, taken as the second after 23:59:59.
  package var isLeapSecond = false

  package init(microseconds: Int64, precisionMicroseconds: Int32, isLeapSecond: Bool = false) {
    self.microseconds = microseconds
    self.precisionMicroseconds = precisionMicroseconds
    self.isLeapSecond = isLeapSecond
  }

  /// Reads RFC 3339 with any fraction and offset (`2024-05-23T10:06:27.289Z`, `… 09:02:03+08:00`), or epoch
  /// seconds with or without a fraction, or epoch milli-, micro- and nanoseconds told apart by their digits.
  ///
  /// Digits beyond microseconds are dropped. - Returns: nil for a date that does not exist or years outside 0…9999.
  @inline(__always)
  package static func parse(_ text: PaddedBytes) -> Timestamp? {
    guard text.count >= 19, text[4] == UInt8(ascii: "-") else { return parseEpoch(text) }
    guard let day = daysSinceEpoch(text), let seconds = secondOfDay(text) else { return nil }
    var offset = 19
    guard let fraction = fractionMicroseconds(text, at: &offset) else { return nil }
    guard let zone = zoneSeconds(text, at: offset) else { return nil }
    let isLeap = text[17] == UInt8(ascii: "6")
    let whole = Int64(day) * 86_400 + Int64(seconds) - Int64(zone)
    return Timestamp(
      microseconds: whole * 1_000_000 + Int64(fraction.value), precisionMicroseconds: fraction.precision,
      isLeapSecond: isLeap)
  }

  /// Days from 1970-01-01 to a Gregorian date (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func daysInMonth(year: Int, month: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  @inline(__always)
  private static func twoDigits(_ text: PaddedBytes, _ offset: Int) -> Int? {
    let tens = text[offset] &- 0x30
    let ones = text[offset + 1] &- 0x30
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
  }

  /// Days from the epoch to a text's date; nil where it begins with none.
  static func daysSinceEpoch(_ text: PaddedBytes) -> Int? {
    guard let century = twoDigits(text, 0), let rest = twoDigits(text, 2), let month = twoDigits(text, 5),
      let day = twoDigits(text, 8), text[7] == UInt8(ascii: "-"),
      text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " ") || text[10] == UInt8(ascii: "t")
    else { return nil }
    let year = century * 100 + rest
    guard (1...12).contains(month), day >= 1, day <= daysInMonth(year: year, month: month) else { return nil }
    return days(year: year, month: month, day: day)
  }

  private static func secondOfDay(_ text: PaddedBytes) -> Int? {
    guard let hour = twoDigits(text, 11), let minute = twoDigits(text, 14), let second = twoDigits(text, 17),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"), hour < 24, minute < 60, second <= 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// `.289` behind the seconds; none at all is a precision of one second.
  @inline(__always)
  private static func fractionMicroseconds(
    _ text: PaddedBytes, at offset: inout Int
  ) -> (value: Int32, precision: Int32)? {
    guard offset < text.count, text[offset] == UInt8(ascii: ".") || text[offset] == UInt8(ascii: ",") else {
      return (0, 1_000_000)
    }
    offset += 1
    var value: Int32 = 0
    var unit: Int32 = 1_000_000
    let start = offset
    while offset < text.count, JSONGrammar.isDigit(text[offset]) {
      if unit > 1 {
        value = value * 10 + Int32(text[offset] &- 0x30)
        unit /= 10
      }
      offset += 1
    }
    return offset > start ? (value * unit, unit) : nil
  }

  /// `Z`, `+08:00`, `+0800` or `+08`, up to the end of the text; nothing is UTC where a space stands for
  /// the T, as Envoy writes such times.
  @inline(__always)
  private static func zoneSeconds(_ text: PaddedBytes, at offset: Int) -> Int? {
    guard offset < text.count else { return text[10] == UInt8(ascii: " ") ? 0 : nil }
    if text[offset] | 0x20 == UInt8(ascii: "z") { return offset + 1 == text.count ? 0 : nil }
    return zoneOffset(text, at: offset)
  }

  private static func zoneOffset(_ text: PaddedBytes, at start: Int) -> Int? {
    let offset = text[start] == UInt8(ascii: " ") ? start + 1 : start
    if text.count == offset + 3, text.word(offset) & 0xFF_FFFF == 0x43_5455 { return 0 }
    let sign: Int
    switch text[offset] {
    case UInt8(ascii: "+"): sign = 1
    case UInt8(ascii: "-"): sign = -1
    default: return nil
    }
    let rest = text.count - offset - 1
    guard rest >= 2, let hours = twoDigits(text, offset + 1), hours < 24 else { return nil }
    if rest == 2 { return sign * hours * 3600 }
    let minuteOffset = text[offset + 3] == UInt8(ascii: ":") ? offset + 4 : offset + 3
    guard minuteOffset + 2 == text.count, let minutes = twoDigits(text, minuteOffset), minutes < 60 else {
      return nil
    }
    return sign * (hours * 3600 + minutes * 60)
  }

  /// The last second of the year 9999, the end of what RFC 3339 can write.
  static let latestSecond: Int64 = 253_402_300_799

  @inline(never)
  private static func parseEpoch(_ text: PaddedBytes) -> Timestamp? {
    var offset = 0
    var whole: Int64 = 0
    while offset < text.count, JSONGrammar.isDigit(text[offset]), offset < 19 {
      let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      let (sum, carried) = product.addingReportingOverflow(Int64(text[offset] &- 0x30))
      if carried { return nil }
      whole = sum
      offset += 1
    }
    let digits = offset
    guard digits > 0 else { return nil }
    guard let fraction = fractionMicroseconds(text, at: &offset), offset == text.count else { return nil }
    guard digits <= 11 || fraction.precision == 1_000_000 else { return nil }
    switch digits {
    case ...11:
      guard whole <= latestSecond else { return nil }
      return Timestamp(
        microseconds: whole * 1_000_000 + Int64(fraction.value), precisionMicroseconds: fraction.precision)
    case 12...14: return Timestamp(microseconds: whole * 1000, precisionMicroseconds: 1000)
    case 15...17: return Timestamp(microseconds: whole, precisionMicroseconds: 1)
    default: return Timestamp(microseconds: whole / 1000, precisionMicroseconds: 1)
    }
  }
}
