internal import FoundationEssentials
internal import TraceStore
internal import Platform

/// The process's standard input, by whatever name.
enum StandardInput {
  static func isNamed(by name: FileName) -> Bool {
    if OpenedFile.inherited(name) == STDIN_FILENO { return true }
    guard let status = FileStatus(name), status.kind != .file else { return false }
    return FileStatus(descriptor: STDIN_FILENO)?.identity == status.identity
  }
}
