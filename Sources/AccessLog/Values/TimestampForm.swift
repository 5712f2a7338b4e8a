/// A strftime form of `%START_TIME(…)%`, compiled to read its output back.
///
/// Source: Envoy's "Access logging", START_TIME: strftime plus `%s` (epoch seconds), `%3f` `%6f` `%9f` (fraction,
/// any width from 1 to 9; `%f` is nine) and abseil's `%E*S`, `%Ez`. RFC 3339 and plain epoch seconds need no form.
/// A time without a zone is UTC, as Envoy writes it. Where `%s` and a calendar time are both given, `%s` counts.
package struct TimestampForm: Sendable, Equatable {
  /// A point in time, and how fine its form is.
  package struct Instant: Sendable, Equatable {
    /// Since the Unix epoch.
    package var microseconds: Int64
    /// Microseconds per unit of the last place: 1, 1000 or 1 000 000 (or between, for odd fraction widths).
    package var precisionMicroseconds: Int32

    package init(microseconds: Int64, precisionMicroseconds: Int32) {
      self.microseconds = microseconds
      self.precisionMicroseconds = precisionMicroseconds
    }
  }

  enum Part: Sendable, Equatable {
    case literal(UInt8)
    case year, twoDigitYear, month, monthName, day, dayOfYear, hour, hour12, halfDay, minute, second
    /// Epoch seconds; `reserved` digits directly after them belong to a fraction.
    case epoch(reserved: Int)
    case fraction(digits: Int)
    /// Seconds with as many places as are there.
    case secondWithFraction
    case zone
    case space
    case weekdayName
  }

  let parts: [Part]

  /// Compiles a form; nil where it has a conversion that cannot be read back, or says neither a date nor `%s`.
  package init?(_ form: String) {
    var reader = FormReader(bytes: Array(form.utf8))
    guard let parts = reader.read() else { return nil }
    let hasDate =
      parts.contains(.dayOfYear)
      || (parts.contains(.day) && parts.contains { $0 == .month || $0 == .monthName })
    let hasYear = parts.contains(.year) || parts.contains(.twoDigitYear)
    let hasEpoch = parts.contains { if case .epoch = $0 { true } else { false } }
    guard hasEpoch || (hasDate && hasYear) else { return nil }
    self.parts = parts
  }

  /// The instant that `text` says, or nil where it has not this form or is no date that exists.
  package func parse(_ text: Span<UInt8>) -> Instant? {
    var reading = TimestampReading()
    for part in parts where !reading.take(part, from: text) { return nil }
    return reading.position == text.count ? reading.instant : nil
  }
}

/// Reads a strftime form, expanding its short-hands (`%F`, `%T`, `%D`, `%R`).
private struct FormReader {
  let bytes: [UInt8]
  var index = 0
  var parts: [TimestampForm.Part] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func read() -> [TimestampForm.Part]? {
    while index < bytes.count {
      guard bytes[index] == 0x25 else {
        parts.append(bytes[index] == 0x20 ? .space : .literal(bytes[index]))
        index += 1
        continue
      }
      index += 1
      guard conversion() else { return nil }
    }
    return withReservedDigits()
  }

  private mutating func conversion() -> Bool {
    guard index < bytes.count else { return false }
    let letter = bytes[index]
    index += 1
    if letter.isDigit { return fraction(width: Int(letter) - 0x30) }
    if letter == 0x45 { return extended() }
    guard let more = Self.conversions[letter] else { return false }
    parts += more
    return true
  }

  /// `%3f`.
  private mutating func fraction(width: Int) -> Bool {
    guard width > 0, index < bytes.count, bytes[index] == 0x66 else { return false }
    index += 1
    parts.append(.fraction(digits: width))
    return true
  }

  /// abseil's `%Ez`, `%E*S`, `%E3S`, `%E*f`.
  private mutating func extended() -> Bool {
    guard index < bytes.count else { return false }
    if bytes[index] == 0x7A {
      index += 1
      parts.append(.zone)
      return true
    }
    guard index + 1 < bytes.count, bytes[index] == 0x2A || bytes[index].isDigit, bytes[index + 1] == 0x53
    else {
      return false
    }
    index += 2
    parts.append(.secondWithFraction)
    return true
  }

  /// Epoch seconds take all digits but those of a fraction that follows at once (`%s%3f`).
  private func withReservedDigits() -> [TimestampForm.Part] {
    var result = parts
    for position in result.indices where result[position] == .epoch(reserved: 0) {
      guard position + 1 < result.count, case .fraction(let digits) = result[position + 1] else { continue }
      result[position] = .epoch(reserved: digits)
    }
    return result
  }

  private static let conversions: [UInt8: [TimestampForm.Part]] = {
    let colon = TimestampForm.Part.literal(0x3A)
    let dash = TimestampForm.Part.literal(0x2D)
    let slash = TimestampForm.Part.literal(0x2F)
    let table: [(Character, [TimestampForm.Part])] = [
      ("Y", [.year]), ("y", [.twoDigitYear]), ("m", [.month]), ("b", [.monthName]), ("h", [.monthName]),
      ("d", [.day]), ("e", [.space, .day]), ("j", [.dayOfYear]), ("H", [.hour]), ("I", [.hour12]),
      ("p", [.halfDay]), ("M", [.minute]), ("S", [.second]), ("s", [.epoch(reserved: 0)]),
      ("f", [.fraction(digits: 9)]), ("z", [.zone]), ("Z", [.zone]), ("a", [.weekdayName]),
      ("n", [.space]), ("t", [.space]), ("%", [.literal(0x25)]),
      ("F", [.year, dash, .month, dash, .day]), ("T", [.hour, colon, .minute, colon, .second]),
      ("R", [.hour, colon, .minute]), ("D", [.month, slash, .day, slash, .twoDigitYear]),
    ]
    return Dictionary(
      uniqueKeysWithValues: table.compactMap { key, value in key.asciiValue.map { ($0, value) } })
  }()
}
