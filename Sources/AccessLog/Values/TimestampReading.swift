/// What has been read of a time so far, part by part.
struct TimestampReading {
  private(set) var position = 0
  private var year = 1970
  private var month = 1
  private var day = 1
  private var dayOfYear: Int?
  private var hour = 0
  private var isAfternoon: Bool?
  private var minute = 0
  private var second = 0
  private var epoch: Int64?
  private var nanoseconds = 0
  private var fractionDigits = 0
  private var zoneSeconds = 0

  /// Takes one part off `text`; false where it is not there.
  mutating func take(_ part: TimestampForm.Part, from text: Span<UInt8>) -> Bool {
    switch part {
    case .literal(let byte): takeByte(byte, text)
    case .space: takeSpaces(text)
    case .year: Self.take(4...4, text, &position, &year)
    case .twoDigitYear: takeTwoDigitYear(text)
    case .month: Self.take(1...2, text, &position, &month)
    case .day: Self.take(1...2, text, &position, &day)
    case .hour, .hour12: Self.take(1...2, text, &position, &hour)
    case .minute: Self.take(1...2, text, &position, &minute)
    case .second: Self.take(1...2, text, &position, &second)
    case .dayOfYear: takeDayOfYear(text)
    case .monthName: takeMonthName(text)
    case .weekdayName: takeLetters(text)
    case .halfDay: takeHalfDay(text)
    case .epoch(let reserved): takeEpoch(text, reserved: reserved)
    case .fraction(let digits): takeFraction(text, digits: digits...digits)
    case .secondWithFraction:
      Self.take(1...2, text, &position, &second)
        && (!(position < text.count && text[position] == 0x2E)
          || (takeByte(0x2E, text) && takeFraction(text, digits: 1...18)))
    case .zone: takeZone(text)
    }
  }

  /// The instant, if all that was read makes one.
  var instant: TimestampForm.Instant? {
    guard let seconds = epoch ?? civilSeconds else { return nil }
    // Beyond year 9999 or so nothing is a time; and the product below cannot overflow.
    guard abs(seconds) < 300_000_000_000 else { return nil }
    var unit: Int32 = 1_000_000
    for _ in 0..<min(fractionDigits, 6) { unit /= 10 }
    return TimestampForm.Instant(
      microseconds: seconds * 1_000_000 + Int64(nanoseconds / 1000), precisionMicroseconds: unit)
  }

  /// Seconds since the epoch of the calendar time; nil for a day that does not exist. The leap second :60 counts as
  /// the next second's start.
  private var civilSeconds: Int64? {
    var hour = hour
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second), year > 0 else {
      return nil
    }
    var days: Int
    if let dayOfYear {
      guard (1...366).contains(dayOfYear) else { return nil }
      days = Self.daysFromCivil(year, 1, 1) + dayOfYear - 1
    } else {
      guard (1...12).contains(month), (1...Self.daysInMonth(year, month)).contains(day) else { return nil }
      days = Self.daysFromCivil(year, month, day)
    }
    return Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second - zoneSeconds)
  }

  private static func daysInMonth(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar.
  /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil; years above 0 only.
  private static func daysFromCivil(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
  }
}

extension TimestampReading {
  private mutating func takeByte(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func takeSpaces(_ text: Span<UInt8>) -> Bool {
    while position < text.count, text[position] == 0x20 || text[position] == 0x09 { position += 1 }
    return true
  }

  /// Up to 18 digits, so that the value fits 64 bits.
  private mutating func takeDigits(_ text: Span<UInt8>, _ digits: ClosedRange<Int>) -> (
    value: Int64, count: Int
  )? {
    var value: Int64 = 0
    var count = 0
    while count < min(digits.upperBound, 18), position + count < text.count, text[position + count].isDigit {
      value = value * 10 + Int64(text[position + count] & 0x0F)
      count += 1
    }
    guard count >= digits.lowerBound else { return nil }
    position += count
    return (value, count)
  }

  /// At most four digits into one of the parts.
  private static func take(
    _ digits: ClosedRange<Int>, _ text: Span<UInt8>, _ position: inout Int, _ part: inout Int
  ) -> Bool {
    var value = 0
    var count = 0
    while count < digits.upperBound, position < text.count, text[position].isDigit {
      value = value * 10 + Int(text[position] & 0x0F)
      position += 1
      count += 1
    }
    guard count >= digits.lowerBound else { return false }
    part = value
    return true
  }

  private mutating func takeTwoDigitYear(_ text: Span<UInt8>) -> Bool {
    guard let found = takeDigits(text, 2...2) else { return false }
    year = Int(found.value) + (found.value < 69 ? 2000 : 1900)
    return true
  }

  private mutating func takeDayOfYear(_ text: Span<UInt8>) -> Bool {
    guard let found = takeDigits(text, 3...3) else { return false }
    dayOfYear = Int(found.value)
    return true
  }

  private mutating func takeEpoch(_ text: Span<UInt8>, reserved: Int) -> Bool {
    var end = position
    while end < text.count, text[end].isDigit { end += 1 }
    let count = end - position - reserved
    guard count >= 1, count <= 18, let found = takeDigits(text, count...count) else { return false }
    epoch = found.value
    return true
  }

  private mutating func takeFraction(_ text: Span<UInt8>, digits: ClosedRange<Int>) -> Bool {
    guard let found = takeDigits(text, digits) else { return false }
    var value = found.value
    for _ in 0..<abs(9 - found.count) { value = found.count < 9 ? value * 10 : value / 10 }
    nanoseconds = Int(value)
    fractionDigits = found.count
    return true
  }

  private mutating func takeLetters(_ text: Span<UInt8>) -> Bool {
    let start = position
    while position < text.count, text[position].isLetter { position += 1 }
    return position > start
  }

  private mutating func takeMonthName(_ text: Span<UInt8>) -> Bool {
    guard text.count - position >= 3 else { return false }
    let names: [StaticString] = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard let index = names.firstIndex(where: { text.holds($0, at: position) }) else { return false }
    month = index + 1
    position += 3
    return true
  }

  private mutating func takeHalfDay(_ text: Span<UInt8>) -> Bool {
    guard text.holds("AM", at: position) || text.holds("PM", at: position) else { return false }
    isAfternoon = text[position] == 0x50
    position += 2
    return true
  }

  /// `Z`, `UTC`, `+0800`, `+08:00`.
  private mutating func takeZone(_ text: Span<UInt8>) -> Bool {
    guard position < text.count else { return false }
    if takeByte(0x5A, text) { return true }
    if text.holds("UTC", at: position) {
      position += 3
      return true
    }
    let isWest = text[position] == 0x2D
    guard isWest || text[position] == 0x2B else { return false }
    position += 1
    guard let hours = takeDigits(text, 2...2) else { return false }
    _ = takeByte(0x3A, text)
    guard let minutes = takeDigits(text, 2...2), hours.value < 24, minutes.value < 60 else { return false }
    let seconds = Int(hours.value * 3600 + minutes.value * 60)
    zoneSeconds = isWest ? -seconds : seconds
    return true
  }
}
