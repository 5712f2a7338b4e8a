internal import ArgumentParser
internal import MeshweftKit

/// `--since`, `--since-time`, `--until`, taken by every command that reports on a stretch of time.
struct WindowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only requests from the last DURATION (10m, 1h30m, 7d), counted back from the newest line; or as --since-time.",
      valueName: "duration"))
  var since: String?
  @Option(
    help: ArgumentHelp(
      "Only requests that started at this time (RFC 3339: 2026-11-23T02:15:00Z) or later.", valueName: "time")
  )
  var sinceTime: String?
  @Option(
    help: ArgumentHelp(
      "Only requests that started before this time; a DURATION counts back from the newest line.",
      valueName: "time"))
  var until: String?

  var isEverything: Bool { since == nil && sinceTime == nil && until == nil }

  var window: TimeWindow {
    var window = TimeWindow()
    window.since = since
    window.sinceTime = sinceTime
    window.until = until
    return window
  }
}
