/// Text that came in several lines and is joined again: container runtimes cut at 16 KiB.
///
/// Bounded: once the joined text is longer than `Limits.lineBytes`, its bytes are dropped and its end says so.
struct PartialLines {
  /// Docker's buffer is 16 KiB (moby `daemon/logger/copier.go`): a piece of this length without a line feed is a
  /// part. Where the cut went through a character, its halves were written as U+FFFD, hence the margin.
  static let dockerPieceBytes = 16 * 1024 - 4...16 * 1024 + 12

  private var parts: (stdout: [UInt8], stderr: [UInt8]) = ([], [])
  private var isTooLong: (stdout: Bool, stderr: Bool) = (false, false)

  /// Nothing waits for its end.
  var isEmpty: Bool { parts.stdout.isEmpty && parts.stderr.isEmpty && !isTooLong.stdout && !isTooLong.stderr }

  enum Joined {
    /// Nothing was waiting: the piece is the whole text.
    case alone
    case whole
    case tooLong
  }

  /// What waits for its end when no more comes, dropped; nil where nothing waits.
  mutating func abandon() -> Joined? {
    let isTooLong = isTooLong.stdout || isTooLong.stderr
    guard isTooLong || !parts.stdout.isEmpty || !parts.stderr.isEmpty else { return nil }
    self = PartialLines()
    return isTooLong ? .tooLong : .whole
  }

  mutating func add(_ line: Span<UInt8>, _ range: Range<Int>, isStderr: Bool) {
    if isStderr {
      Self.add(line, range, to: &parts.stderr, isTooLong: &isTooLong.stderr)
    } else {
      Self.add(line, range, to: &parts.stdout, isTooLong: &isTooLong.stdout)
    }
  }

  /// Ends the text with its last piece; where it is whole, it is in `text`.
  mutating func finish(_ line: Span<UInt8>, _ range: Range<Int>, isStderr: Bool, into text: inout [UInt8])
    -> Joined
  {
    isStderr
      ? Self.finish(line, range, &parts.stderr, &isTooLong.stderr, into: &text)
      : Self.finish(line, range, &parts.stdout, &isTooLong.stdout, into: &text)
  }

  private static func add(
    _ line: Span<UInt8>, _ range: Range<Int>, to part: inout [UInt8], isTooLong: inout Bool
  ) {
    guard !isTooLong, part.count + range.count <= Limits.lineBytes else {
      isTooLong = true
      part = []
      return
    }
    part.append(line, range)
  }

  private static func finish(
    _ line: Span<UInt8>, _ range: Range<Int>, _ part: inout [UInt8], _ isTooLong: inout Bool,
    into text: inout [UInt8]
  ) -> Joined {
    if part.isEmpty, !isTooLong { return .alone }
    add(line, range, to: &part, isTooLong: &isTooLong)
    defer {
      part.removeAll(keepingCapacity: true)
      isTooLong = false
    }
    if isTooLong { return .tooLong }
    swap(&text, &part)
    return .whole
  }
}
