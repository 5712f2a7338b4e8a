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

  /// Appends what `text` gives with `trimmed`, without making texts of parts: for numbers by the million.
  static func append(_ value: Double, digits: Int, to bytes: inout [UInt8]) {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded(.toNearestOrAwayFromZero)
    guard scaled.isFinite, scaled < 4.6e18 else { return bytes.append(contentsOf: "null".utf8) }
    let (whole, rest) = Int64(scaled).quotientAndRemainder(dividingBy: Int64(scale))
    if value < 0, scaled != 0 { bytes.append(UInt8(ascii: "-")) }
    bytes.append(contentsOf: String(whole).utf8)
    guard rest > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var (left, unit) = (rest, Int64(scale) / 10)
    while left > 0 {
      bytes.append(UInt8(truncatingIfNeeded: 48 + left / unit))
      left %= unit
      unit /= 10
    }
  }

  /// A share as `12.3 %`.
  static func percent(_ share: Double) -> String { text(share * 100, digits: 1) + " %" }
}
