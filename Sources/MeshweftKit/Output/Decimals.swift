/// Numbers for people and for JSON, without locale and without Foundation.
enum Decimals {
  /// Rounded half away from zero to so many digits; `null` where not finite or beyond 2^62 units.
  static func text(_ value: Double, digits: Int, trimmed: Bool = false) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (value.magnitude * scale).rounded(.toNearestOrAwayFromZero)
    guard scaled.isFinite, scaled < 4.6e18 else { return "null" }
    let units = Int64(scaled)
    let divisor = Int64(scale)
    let sign = value < 0 && units != 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(units)" }
    var fraction = String(units % divisor)
    fraction = String(repeating: "0", count: digits - fraction.count) + fraction
    if trimmed {
      while fraction.last == "0" { fraction.removeLast() }
      if fraction.isEmpty { return "\(sign)\(units / divisor)" }
    }
    return "\(sign)\(units / divisor).\(fraction)"
  }

  /// A share as `12.3 %`.
  static func percent(_ share: Double) -> String { text(share * 100, digits: 1) + " %" }
}
