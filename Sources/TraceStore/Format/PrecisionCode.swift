internal import AccessLog

/// A line's precision as one small number: 0 is Envoy's default, milliseconds for both.
enum PrecisionCode {
  private static let units: [Int32] = [1000, 1, 1_000_000]

  static func encode(_ precision: TimePrecision) -> Int64 {
    code(precision.startMicroseconds) + 3 * code(precision.durationMicroseconds)
  }

  static func decode(_ code: Int64) -> TimePrecision {
    let code = Int(min(max(code, 0), 8))
    return TimePrecision(startMicroseconds: units[code % 3], durationMicroseconds: units[code / 3])
  }

  private static func code(_ microseconds: Int32) -> Int64 {
    microseconds <= 1 ? 1 : microseconds <= 1000 ? 0 : 2
  }
}
