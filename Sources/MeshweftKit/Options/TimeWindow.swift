internal import AccessLog

/// `--since`, `--since-time`, `--until`.
///
/// A relative time counts back from the newest log line, not from now: logs are looked at hours later, too.
public struct TimeWindow: Sendable {
  /// `10m`, `1h30m`, `2d`; or a time, as in `sinceTime`.
  public var since: String?
  /// RFC 3339
  public var sinceTime: String?
  /// RFC 3339; exclusive. Or a duration, as in `since`.
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
  /// Throws `UsageError`, also where the window ends before it begins; and what `newest` throws.
  func resolved(newest: () throws -> Int64?) throws -> Resolved {
    if since != nil, sinceTime != nil { throw UsageError("give --since or --since-time, not both") }
    var resolved = Resolved()
    if let sinceTime { resolved.since = try TimeWindow.instant(sinceTime, option: "--since-time") }
    if let since { resolved.since = try TimeWindow.start(since, option: "--since", newest, &resolved.notes) }
    if let until { resolved.until = try TimeWindow.start(until, option: "--until", newest, &resolved.notes) }
    if let from = resolved.since, let to = resolved.until, from >= to {
      let option = since == nil ? "--since-time" : "--since"
      throw UsageError(
        "\(option) must be before --until: from \(Instant.text(from)) until \(Instant.text(to)) there is no time"
      )
    }
    return resolved
  }

  /// What `--since` or `--until` names: a time, or how long before the newest line. Nil where there is no line, or where it is
  /// before all times.
  private static func start(
    _ text: String, option: String, _ newest: () throws -> Int64?, _ notes: inout [String]
  ) throws -> Int64? {
    let isDate = text.utf8.dropFirst(4).first == UInt8(ascii: "-")
    // Seconds since 1970 are a time for --until; for --since a number is a duration without its unit.
    if isDate || option == "--until", let time = instant(text) { return time }
    if isDate { throw misread(text, option: option) }
    let back = try TypedDuration(
      text, option: option, examples: "10m, 1h30m or 7d, or a time like 2024-05-23T10:06:27Z"
    ).microseconds
    guard let newest = try newest() else { return nil }
    let (start, overflow) = newest.subtractingReportingOverflow(back)
    if overflow { return nil }
    notes.append(
      "\(option) \(text): \(option == "--since" ? "from" : "until") \(Instant.text(start)), counted from the newest line at \(Instant.text(newest))"
    )
    return start
  }

  private static func instant(_ text: String) -> Int64? {
    PaddedBytes.withCopy(of: Array(text.utf8), Timestamp.parse)?.microseconds
  }

  private static func instant(_ text: String, option: String) throws -> Int64 {
    if let time = instant(text) { return time }
    if (try? TypedDuration(text)) != nil {
      throw UsageError(
        "\(option) takes a time like 2024-05-23T10:06:27Z; for a duration write --since \(text)")
    }
    throw misread(text, option: option)
  }

  private static func misread(_ text: String, option: String) -> UsageError {
    UsageError("\(option) takes a time like 2024-05-23T10:06:27Z, not \(Shown.text(text, limit: 40))")
  }
}
