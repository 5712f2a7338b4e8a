/// A listing on its way to a terminal: what is longer than that goes through the user's pager as it comes, as with `git log`.
/// Elsewhere it is written as it comes.
final class PagedOutput {
  /// What has come until there is enough of it for a pager.
  private var waiting: [UInt8] = []
  private var lines = 0
  private var pager: Pager?
  private let isPaged = Terminal.outputIsTerminal && Pager.command != nil

  /// - Throws: `ExitCode.success` where the reader has left, any other for what could not be written.
  func take(_ bytes: [UInt8]) throws {
    if let pager { return try pager.write(bytes) }
    guard isPaged else { return try Terminal.output(bytes) }
    waiting += bytes
    lines += bytes.count { $0 == UInt8(ascii: "\n") }
    guard lines >= Terminal.rows else { return }
    pager = Pager()
    let all = waiting
    waiting = []
    if let pager { try pager.write(all) } else { try Terminal.output(all) }
  }

  /// Waits until the user has left the pager.
  func end() throws {
    if let pager { return pager.close() }
    try Terminal.output(waiting)
    waiting = []
  }
}
