internal import MeshweftKit

/// One line on standard error that is drawn over and over; only ever on a terminal.
struct ProgressBar: Sendable {
  var isShown: Bool

  func show(_ progress: IngestProgress) {
    guard isShown else { return }
    Terminal.errorText("\r\u{1B}[K" + String(progress.line(columns: Terminal.columns - 1)))
  }

  func clear() {
    guard isShown else { return }
    Terminal.errorText("\r\u{1B}[K")
  }
}
