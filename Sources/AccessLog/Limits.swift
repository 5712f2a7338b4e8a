/// Every limit on what is read, with its unit and what happens beyond it.
package enum Limits {
  /// Bytes in a line (1.25 MiB), line feed not counted. A longer one is rejected alone and read past: Envoy
  /// itself caps request headers at 60 KiB (max_request_headers_kb), so a longer line is not an access log. More than
  /// the 1 MiB at which container runtimes and shippers cut, so that a line of theirs of just that length, with its
  /// envelope around it, is still read.
  package static let lineBytes = 5 << 18
  /// Levels of nesting in a JSON line. A deeper one is rejected.
  package static let jsonDepth = 64
  /// Bytes of one stored value (a path, an agent). A longer one is cut at a character, and the hop flagged.
  package static let valueBytes = 1 << 16
  /// Bytes of a row's own text (path, agent, forwarded-for) that may enter the text table; a longer one is stored in
  /// its row. Texts of attribute sets always enter it.
  package static let tableTextBytes = 256
  /// Texts in a parser's table; beyond it new texts are stored in their rows, so memory stays bounded.
  package static let tableTexts = 1 << 18
  /// Bytes of text in a parser's table; beyond it the table starts over.
  package static let tableBytes = 1 << 25
  /// Bytes of text on their way to the store; a batch that holds more is handed over at once.
  package static let batchTextBytes = 1 << 23
  /// Attribute sets in a parser's table; beyond it the table starts over (the store finds the old ones again).
  package static let tableAttributeSets = 1 << 17
  /// Lines of one input whose hashes are remembered, to tell a line that occurs twice from one fed twice.
  package static let occurrenceWindow = 1 << 12
}
