internal import TraceStore

extension Shown {
  /// A file's name as people may see it.
  static func path(_ path: String) -> String { text(FileName(path).text, limit: 200) }
}
