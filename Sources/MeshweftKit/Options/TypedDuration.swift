/// A duration as options take it: `10m`, `1h30m`, `2d`.
public struct TypedDuration: Sendable, Equatable {
  /// More than 0; of `--min-duration` 0, too.
  let microseconds: Int64

  /// The longest duration that an option takes, microseconds: 10 000 years of 365 days. All times in logs have years of
  /// four digits, so nothing is farther apart, and sums of some of these fit 64 bits.
  private static let longest: Int64 = 10_000 * 365 * 86_400 * 1_000_000

  /// Reads `1h30m`. `option` is whose value it is, and `examples` what it takes, for the message.
  ///
  /// - Throws: `UsageError` for what is no duration, or longer than 10 000 years.
  public init(
    _ text: String, option: String = "--since", examples: String = "10m, 1h30m or 7d"
  ) throws {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    let most = TypedDuration.longest / 1_000_000
    var seconds: Int64 = 0
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
      } else if let unit = units[character], !digits.isEmpty {
        // Beyond 64 bits it is too long, too.
        let (product, overflow) = (Int64(digits) ?? .max).multipliedReportingOverflow(by: unit)
        guard !overflow, product <= most - seconds else {
          throw UsageError("\(option) \(Shown.text(text, limit: 40)) is longer than 10 000 years")
        }
        seconds += product
        digits = ""
      } else {
        digits = "?"
        break
      }
    }
    guard digits.isEmpty, seconds > 0 else {
      throw UsageError("\(option) takes a duration like \(examples), not \(Shown.text(text, limit: 40))")
    }
    microseconds = seconds * 1_000_000
  }

  /// Reads what `--min-duration` takes: `250ms`, or whole seconds and more.
  /// - Throws: `UsageError`
  public init(minimum text: String) throws {
    if text.hasSuffix("ms"), let value = Double(text.dropLast(2)), (0..<1e12).contains(value) {
      microseconds = Int64((value * 1000).rounded())
    } else if let whole = try? TypedDuration(text) {
      self = whole
    } else {
      throw UsageError(
        "--min-duration takes a duration like 250ms, 2s or 1m, not \(Shown.text(text, limit: 40))")
    }
  }
}
