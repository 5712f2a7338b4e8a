package enum RejectReason: Sendable, Equatable {
  case oversize
  /// Not JSON from about this byte on (nesting beyond `Limits.jsonDepth` included).
  case malformedJSON(offset: Int)
  case noStartTime
  case badStartTime
  /// Starts like an access log line in text, and matches none of the formats.
  case unrecognisedText
  /// An envelope of several records, one of which cannot be a hop.
  case incompleteEnvelope
  /// The first parts of a line, and the input ends before its last one.
  case unfinished
  /// A document of several lines that does not go on where it should; its finished records were read.
  case cutDocument
  /// An access log stands within the line, behind something that is not known.
  case unread

  package var description: String {
    switch self {
    case .oversize: "longer than \(Limits.lineBytes) bytes"
    case .malformedJSON(let offset):
      "not valid JSON at byte \(offset + 1) (cut line, or a value with an unescaped quote)"
    case .noStartTime: "no start_time"
    case .badStartTime: "start_time is not a time; give the format with --format"
    case .unrecognisedText: "no known text format fits; give it with --format"
    case .incompleteEnvelope: "an envelope whose content is not an access log line"
    case .cutDocument: "a JSON document of several lines ends within; its whole records were read"
    case .unread:
      "unread: an access log behind something unknown; cut off what stands before it (such as sed 's/^[^[]*\\[/[/'), "
        + "or feed the log as kubectl logs prints it"
    case .unfinished: "the log ends within this line; feed it again when it is whole"
    }
  }
}
