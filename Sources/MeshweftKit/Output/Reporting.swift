/// What a command says on standard output: made of a database and options, of which nothing is read yet.
///
/// `write` is the one verb of all reports. What it reads is a value that stays within the library (`read`); how that is
/// shown depends on the form alone.
public protocol Reporting<Form> {
  /// The forms that the report has.
  associatedtype Form

  /// Reads what is asked for, and hands it out piece by piece.
  /// - Throws: `UsageError`, `StoreError`, and what `output` throws.
  func write(as form: Form, to output: some ReportOutput) throws -> ReportVerdict
}

extension Reporting {
  /// The whole report as bytes for standard output. `note` gets the sentences for standard error.
  /// - Throws: as `write` does.
  public func rendered(
    as form: Form, ink: Ink = .none, note: @escaping (String) -> Void = { _ in }
  ) throws -> [UInt8] {
    let output = CollectedOutput(ink: ink, note: note)
    _ = try write(as: form, to: output)
    return output.bytes
  }
}

/// Keeps what it takes.
private final class CollectedOutput: ReportOutput {
  let ink: Ink
  private let say: (String) -> Void
  private(set) var bytes: [UInt8] = []

  init(ink: Ink, note: @escaping (String) -> Void) {
    self.ink = ink
    say = note
  }

  func note(_ text: String) { say(text) }

  func take(_ more: [UInt8]) { bytes += more }
}
