/// Tables as kubectl prints them: upper-case headers, no borders, columns three spaces apart.
struct TableRenderer {
  /// Characters of one cell; beyond it the text is cut. `-o wide` and the machine forms have it whole.
  private static let cellLimit = 60

  private let columns: [Report.Column]
  private let shown: [Int]
  private let limit: Int
  private let ink: Ink
  private var widths: [Int]

  init(columns: [Report.Column], wide: Bool, ink: Ink) {
    self.columns = columns
    self.ink = ink
    shown = columns.indices.filter { wide || !columns[$0].isWide }
    limit = wide ? Int.max : TableRenderer.cellLimit
    widths = shown.map { DisplayWidth.of(columns[$0].header) }
  }

  /// The cells of rows; the columns are as wide from now on.
  mutating func measured(_ rows: [[Report.Value]]) -> [[String]] {
    let body = rows.map { row in shown.map { Shown.text(row[$0].plain, limit: limit) } }
    for row in body {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], DisplayWidth.of(cell)) }
    }
    return body
  }

  mutating func render(_ rows: [[Report.Value]], withHeader: Bool) -> String {
    let body = measured(rows)
    let header = withHeader ? ink.paint(line(shown.map { columns[$0].header }), .bold) + "\n" : ""
    return header + body.map { line($0) + "\n" }.joined()
  }

  private func line(_ cells: [String]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { line += "   " }
      let padding = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(cell)))
      line += columns[shown[index]].alignsRight ? padding + cell : cell + padding
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
