/// Where a report goes.
public protocol ReportOutput: AnyObject {
  /// Colours and width of what people read.
  var ink: Ink { get }

  /// A sentence for standard error: how a relative time was anchored, what was left out. What comes before the first bytes
  /// belongs above them, what comes later below.
  func note(_ text: String)

  /// The next bytes for standard output.
  func take(_ bytes: [UInt8]) throws
}
