// Every limit that meshweft sets itself, for all rooms, with its unit and what happens beyond it: this room is the one
// that all others see. docs/reference/limits.md has the same as a table. Not here: what formats themselves cannot hold, and the numbers of
// correlation's models, which stand with them.

/// What is read.
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
  /// Sources in a parser's table, once for each input and whatever else is said about them; beyond it the table starts
  /// over (the store finds the old ones again). Each takes half a kilobyte.
  package static let tableSources = 1 << 15
  /// IPv4 addresses of pods whose proxies are known, kept of one log: a stream may be of very many pods.
  package static let sourceAddresses = 1 << 12
  /// Sources with counts of their own in an ingest's summary; those that are met later are counted together.
  package static let summarySources = 1 << 14
  /// Bytes of a pod's, namespace's, container's or cluster's name; a longer one is none (Kubernetes' names end at 253,
  /// RFC 1123), so that a log cannot make sources of whatever size.
  package static let nameBytes = 253
  /// Values in a text format; one with more is refused.
  package static let formatValues = 64
  /// Bytes of a value that has no spaces in it (a number, a time, an address); a longer one is none, so a search of a text
  /// line ends.
  package static let closedValueBytes = 4096
  /// Keys of a line with unescaped quotes that is repaired; one with more is rejected.
  package static let repairedKeys = 128
  /// Bytes of a file of field names; a larger one is refused.
  package static let fieldMapBytes = 1 << 16
  /// Bytes of a list of endpoints (some hundred thousand of them); a larger one is refused.
  package static let endpointsBytes = 1 << 26
  /// Addresses of a Kubernetes object, one for each port; further ones are left out (an EndpointSlice has 1000 endpoints at most).
  package static let objectEndpoints = 1 << 13
  /// Kubernetes objects on their way to the store; a batch that holds more is handed over at once.
  package static let batchObjects = 1 << 10
  /// Bytes of a user's statement; SQLite takes no larger one.
  package static let statementBytes = 1_000_000
  /// Rows in a batch, which is one transaction; the next one takes what is more.
  package static let batchRows = 1 << 15
  /// Batches between parser and writer, beside the one that each of them holds; the parser waits.
  package static let queuedBatches = 1
  /// Files that are read side by side, each with a buffer and a parser of about half a megabyte; the others wait. Fewer where
  /// the process may not have as many open.
  package static let openInputs = 64
  /// Seconds that a pipe in a folder may be without a writer when the folder's files have been read; then it is left out.
  /// One that is given by its name is waited for.
  package static let pipeSeconds = 5.0
  /// Milliseconds that a row of a stream waits at most until its batch is handed over.
  package static let flushMilliseconds = 400
  /// Seconds without a byte after which a log that is followed holds up no links: more than the 10 s for which Envoy keeps
  /// lines back (`--file-flush-interval-msec`).
  package static let quietSeconds = 15.0
  /// Of a hundred access-log lines as many may be unread; beyond it `ingest` ends with exit code 2.
  package static let unreadPercent: Int64 = 5
  /// Rejected lines that a summary shows; the others are counted.
  package static let shownRejections = 5
}
