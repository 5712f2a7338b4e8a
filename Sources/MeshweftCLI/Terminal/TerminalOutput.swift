internal import ArgumentParser
internal import MeshweftKit

/// Standard output and standard error, as a report sees them.
final class TerminalOutput: ReportOutput {
  /// How bytes are written that go to no pager.
  enum Pace {
    /// As they come: somebody may wait for the first ones.
    case asTheyCome
    /// Many small ones at once.
    case together
  }

  let ink: Ink
  private let pace: Pace
  /// On a terminal what is longer than that goes through the user's pager, as with `git log`.
  private let isPaged: Bool
  private var pager: Pager?
  /// What has come until there is enough of it for a pager, or to be written.
  private var waiting: [UInt8] = []
  private var lines = 0
  private var hasBegun = false
  private var lateNotes: [String] = []

  private static let pieceBytes = 1 << 20

  init(ink: Ink, isPaged: Bool, pace: Pace) {
    self.ink = ink
    self.isPaged = isPaged && Terminal.outputIsTerminal && Pager.command != nil
    self.pace = pace
  }

  /// Sentences that come when the report has begun are said below it.
  func note(_ text: String) {
    if hasBegun { lateNotes.append(text) } else { Terminal.note(text) }
  }

  /// - Throws: `ExitCode.success` where the reader has left, any other for what could not be written.
  func take(_ bytes: [UInt8]) throws {
    hasBegun = true
    if let pager { return try pager.write(bytes) }
    if !isPaged, pace == .asTheyCome { return try Terminal.output(bytes) }
    waiting += bytes
    guard isPaged else { return waiting.count >= TerminalOutput.pieceBytes ? try flush() : () }
    lines += bytes.count { $0 == UInt8(ascii: "\n") }
    guard lines >= Terminal.rows else { return }
    pager = Pager()
    try flush()
  }

  private func flush() throws {
    let all = waiting
    waiting.removeAll(keepingCapacity: true)
    if let pager { try pager.write(all) } else { try Terminal.output(all) }
  }

  /// Waits until the user has left the pager, and says what is to be said then.
  func end() throws {
    if let pager { pager.close() } else { try flush() }
    lateNotes.forEach(Terminal.note)
  }
}

extension Reporting {
  /// Writes the report and ends with its verdict.
  /// - Throws: `ExitCode`, and what the report throws.
  func show(
    as form: Form, ink: Ink = .none, isPaged: Bool = true, _ pace: TerminalOutput.Pace = .together
  ) throws {
    let output = TerminalOutput(ink: ink, isPaged: isPaged, pace: pace)
    let verdict = try write(as: form, to: output)
    try output.end()
    switch verdict {
    case .fine: return
    case .found(let findings):
      findings.forEach { Terminal.note("meshweft: " + $0) }
      throw ExitCode.finding
    case .failed: throw ExitCode.failed
    }
  }
}
