/// What is left of a line when its envelope is taken off.
package struct Stripped: Sendable, Equatable {
  package enum Body: Sendable, Equatable {
    /// A range of the line that was given.
    case range(Range<Int>)
    /// The bytes in the stripper's `decoded`.
    case decoded
    /// A part of a longer line or document was kept, whose bodies come with a later line; or a line that says who wrote
    /// those after it.
    case pending
    /// The parts together are longer than `Limits.lineBytes`: to be counted as rejected.
    case tooLong
    /// The document that the lines before began does not go on here: it was cut. Its last line was said to be pending.
    case cut
  }
  package var body: Body
  /// The identity in the stripper is another than that of the line before.
  package var identityChanged: Bool
  /// A string escape of the envelope was none, or a lone surrogate: U+FFFD stands in the body.
  package var hasReplacedText: Bool

  package init(body: Body, identityChanged: Bool, hasReplacedText: Bool = false) {
    self.body = body
    self.identityChanged = identityChanged
    self.hasReplacedText = hasReplacedText
  }
}
