/// RFC 3339 in UTC, the only form in which times leave meshweft.
public enum Instant {
  /// Microseconds since the Unix epoch as `2024-05-23T10:06:27.289Z`, with 0, 3 or 6 `digits` of the fraction; nil takes
  /// six where the last three are not zero, else three.
  public static func text(_ microseconds: Int64, digits: Int? = nil) -> String {
    let seconds = floorDivision(microseconds, 1_000_000)
    let fraction = microseconds - seconds * 1_000_000
    let day = floorDivision(seconds, 86_400)
    let second = seconds - day * 86_400
    let (year, month, dayOfMonth) = civil(day)
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
    let time = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
    switch digits ?? (fraction % 1000 == 0 ? 3 : 6) {
    case 0: return "\(date)T\(time)Z"
    case 3: return "\(date)T\(time).\(padded(fraction / 1000, 3))Z"
    default: return "\(date)T\(time).\(padded(fraction, 6))Z"
    }
  }

  private static func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return text.count >= width ? text : String(repeating: "0", count: width - text.count) + text
  }

  /// Days since 1970-01-01 as a Gregorian date (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivision(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
