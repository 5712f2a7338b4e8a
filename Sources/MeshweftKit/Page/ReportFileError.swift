/// Why a report could not be written.
public struct ReportFileError: Error, Sendable, CustomStringConvertible {
  /// Which file, and what the system said.
  public let description: String
}
