internal import Queries

extension StoreReader {
  /// Every hop's content as text, one line each, sorted: two stores that were given the same lines give the same
  /// bytes, in whatever order and batches these came. A hop that occurs twice has two lines.
  ///
  /// For tests and comparisons: it holds all lines in memory.
  /// - Parameter lineNumbers: whether the line's number is part of the content.
  /// - Returns: `name=value` pairs with tabs between; controls and backslashes are escaped, NULL is left out.
  /// - Throws: `StoreError`.
  package func canonicalDump(lineNumbers: Bool = true) throws -> String {
    var lines: [String] = []
    try run(.hops) { row in
      let names = row.columnNames
      let fields = names.indices.compactMap { column -> String? in
        if names[column] == "id" || (names[column] == "line" && !lineNumbers) { return nil }
        return row.text(column).map { names[column] + "=" + escaped($0) }
      }
      lines.append(fields.joined(separator: "\t"))
    }
    lines.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return lines.map { $0 + "\n" }.joined()
  }
}

/// One line of printable text: controls and backslashes as escapes.
private func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    let isPlain = scalar.value >= 0x20 && scalar != "\\" && scalar.value != 0x7f
    result += isPlain ? String(scalar) : "\\u{" + String(scalar.value, radix: 16) + "}"
  }
  return result
}
