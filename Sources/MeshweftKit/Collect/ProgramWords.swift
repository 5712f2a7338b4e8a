internal import AccessLog

/// What kubectl says on its standard error while one waits for it: a plugin may ask the user to log in somewhere.
struct ProgramWords {
  private var errors: ProgramErrors
  private let began = ContinuousClock.now
  private var said = ""

  init(_ descriptor: Int32) { errors = ProgramErrors(descriptor) }

  /// What wakes whoever waits for more of them; nil after the last one.
  var descriptor: Int32? { errors.isOpen ? errors.descriptor : nil }
  var text: String { errors.text }

  mutating func drain() { errors.drain() }

  /// Seconds to wait for it: whoever is asked to log in takes longer.
  func patience(_ seconds: Double) -> Double { said.isEmpty ? seconds : CollectLimits.loginSeconds }

  /// What it has said, without what may be secret, once it keeps one waiting; nil where that was said before.
  mutating func whileWaiting(_ now: ContinuousClock.Instant) -> String? {
    guard errors.isOpen, now - began > .seconds(CollectLimits.sayingSeconds) else { return nil }
    let lines = errors.text.split(whereSeparator: \.isNewline).filter { !KubectlFailure.isLogLine($0) }
    let text = lines.map { Secrets.masked(String($0)) }.joined(separator: " ")
    guard !text.allSatisfy(\.isWhitespace), text != said else { return nil }
    said = text
    return Shown.text(text, limit: 600)
  }
}
