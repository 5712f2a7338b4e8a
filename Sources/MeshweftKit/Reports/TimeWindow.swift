internal import AccessLog

/// A mistake in what the user typed; the exit code is that of usage errors.
public struct UsageError: Error, Sendable, CustomStringConvertible {
  /// What is wrong and what would be right.
  public let description: String
  /// A mistake, described.
  public init(_ description: String) { self.description = description }
}

/// `--since`, `--since-time`, `--until`.
///
/// A relative time counts back from the newest log line, not from now: logs are looked at hours later, too.
public struct TimeWindow: Sendable {
  /// `10m`, `1h30m`, `2d`
  public var since: String?
  /// RFC 3339
  public var sinceTime: String?
  /// RFC 3339; exclusive.
  public var until: String?

  /// All times.
  public init() {}

  struct Resolved {
    /// Microseconds since the epoch.
    var since: Int64?
    var until: Int64?
    /// How a relative time was anchored, for people.
    var notes: [String] = []
  }

  /// The window in absolute times. `newest` gives the newest log line's start and is only asked for a relative time.
  /// Throws `UsageError`, and what `newest` throws.
  func resolved(newest: () throws -> Int64?) throws -> Resolved {
    var resolved = Resolved()
    if let sinceTime { resolved.since = try TimeWindow.instant(sinceTime, option: "--since-time") }
    if let until { resolved.until = try TimeWindow.instant(until, option: "--until") }
    guard let since else { return resolved }
    if sinceTime != nil { throw UsageError("give --since or --since-time, not both") }
    let back = try TimeWindow.duration(since)
    guard let newest = try newest() else { return resolved }
    let (start, overflow) = newest.subtractingReportingOverflow(back)
    resolved.since = overflow ? nil : start
    resolved.notes.append(
      "--since \(since): from \(Instant.text(start)), counted from the newest line at \(Instant.text(newest))"
    )
    return resolved
  }

  private static func instant(_ text: String, option: String) throws -> Int64 {
    guard let time = PaddedBytes.withCopy(of: Array(text.utf8), Timestamp.parse) else {
      throw UsageError("\(option) takes a time like 2024-05-23T10:06:27Z, not \(Shown.text(text, limit: 40))")
    }
    return time.microseconds
  }

  /// The longest duration that an option takes, microseconds: 10 000 years of 365 days. All times in logs have years of
  /// four digits, so nothing is farther apart, and sums of some of these fit 64 bits.
  private static let longest: Int64 = 10_000 * 365 * 86_400 * 1_000_000

  /// `1h30m` in microseconds, more than 0. `option` is whose value it is, and `examples` what it takes, for the message.
  ///
  /// - Throws: `UsageError` for what is no duration, or longer than 10 000 years.
  static func duration(
    _ text: String, option: String = "--since", examples: String = "10m, 1h30m or 7d"
  ) throws -> Int64 {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    let most = longest / 1_000_000
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
    return seconds * 1_000_000
  }
}
