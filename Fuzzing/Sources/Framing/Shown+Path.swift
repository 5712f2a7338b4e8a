extension Shown {
  /// A file's name; that of MeshweftKit knows names that are no UTF-8, too.
  static func path(_ path: String) -> String { text(path, limit: 200) }
}
