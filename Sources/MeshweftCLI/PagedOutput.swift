/// Output that comes in pieces: a single one is shown through the pager where it is longer than the terminal, as reports are;
/// with the second one it is written as it comes.
final class PagedOutput {
  private var first: [UInt8]?
  private var isLong = false

  func take(_ bytes: [UInt8]) throws {
    if let first {
      self.first = nil
      isLong = true
      try Terminal.output(first)
    }
    if isLong { try Terminal.output(bytes) } else { first = bytes }
  }

  func end() throws {
    if let first { try Terminal.show(first) }
  }
}
