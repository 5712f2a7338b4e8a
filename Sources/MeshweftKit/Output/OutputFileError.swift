/// Why a file could not be written.
public struct OutputFileError: Error, Sendable, CustomStringConvertible {
  /// Which file, and what the system said.
  public let description: String
}
