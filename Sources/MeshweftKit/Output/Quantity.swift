/// Large numbers for people.
enum Quantity {
  /// `1 234 567`, grouped from five digits on.
  static func grouped(_ value: Int64) -> String {
    let digits = Array(String(value.magnitude))
    guard digits.count > 4 else { return String(value) }
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += " " }
      text.append(digit)
    }
    return text
  }

  /// `1 line`, `12 345 lines`
  static func counted(_ value: Int64, _ thing: String) -> String {
    grouped(value) + " " + thing + (value == 1 ? "" : "s")
  }

  /// `443 MB`, in powers of ten as storage and networks count.
  static func bytes(_ value: Int64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var amount = Double(value)
    var unit = 0
    while amount >= 1000, unit < units.count - 1 {
      amount /= 1000
      unit += 1
    }
    return Decimals.text(amount, digits: unit == 0 || amount >= 100 ? 0 : 1) + " " + units[unit]
  }

  /// So many a second, rounded down; 0 where no time went by, or a clock went backwards.
  static func rate(_ count: Int64, seconds: Double) -> Int64 {
    seconds > 0 ? Int64(min(Double(count) / seconds, 1e15)) : 0
  }

  /// `4 s`, `3 min 20 s`, `2 h 5 min`, `9 d 3 h`
  static func duration(seconds: Double) -> String {
    let whole = Int64(min(max(0, seconds), 1e15).rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    if whole < 48 * 3600 { return "\(whole / 3600) h \(whole / 60 % 60) min" }
    return "\(grouped(whole / 86_400)) d \(whole / 3600 % 24) h"
  }
}
