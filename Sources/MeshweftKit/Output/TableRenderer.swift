/// Tables as kubectl prints them: upper-case headers, no borders, columns three spaces apart. On a terminal they are as wide as
/// that at most (`TableFit`).
struct TableRenderer {
  /// Characters of one cell; beyond it the text is cut. `-o wide` and the machine forms have it whole.
  private static let cellLimit = 60

  private let columns: [Report.Column]
  private let shown: [Int]
  private let limit: Int
  private let ink: Ink
  private var widths: [Int]
  /// By place in `shown`: whether a cell is text, which can be cut.
  private var isText: [Bool]
  /// Nil where the table is as wide as it needs; and before its first row.
  private var fit: TableFit?
  private let terminal: Int?

  init(columns: [Report.Column], wide: Bool, ink: Ink) {
    self.columns = columns
    self.ink = ink
    shown = columns.indices.filter { wide || !columns[$0].isWide }
    limit = wide ? Int.max : TableRenderer.cellLimit
    terminal = wide ? nil : ink.columns
    widths = shown.map { DisplayWidth.of(columns[$0].header) }
    isText = shown.map { _ in false }
  }

  /// The cells of rows; the columns are as wide from now on.
  mutating func measured(_ rows: [[Report.Value]]) -> [[String]] {
    let body = rows.map { row in shown.map { Shown.text(row[$0].plain, limit: limit) } }
    for row in body {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], DisplayWidth.of(cell)) }
    }
    if terminal != nil, let first = rows.first {
      for (index, column) in shown.enumerated() where !isText[index] {
        isText[index] = first[column].isCuttable || rows.contains { $0[column].isCuttable }
      }
    }
    return body
  }

  mutating func render(_ rows: [[Report.Value]], withHeader: Bool) -> String {
    let body = measured(rows)
    if let terminal, fit == nil {
      fit = TableFit(shown.map { columns[$0] }, widths: widths, isText: isText, terminal: terminal)
    }
    let header = withHeader ? ink.paint(line(shown.map { columns[$0].header }), .bold) + "\n" : ""
    return header + body.map { line($0) + "\n" }.joined()
  }

  /// A sentence about the columns that were left out; empty where all are there.
  var leftOut: String {
    guard let fit, !fit.dropped.isEmpty, let terminal else { return "" }
    let names = fit.dropped.sorted().map { columns[shown[$0]].header }.joined(separator: ", ")
    return ink.paint("Left out to fit \(terminal) columns: \(names). -o wide has them.", .dim) + "\n"
  }

  private func line(_ cells: [String]) -> String {
    var line = ""
    let gap = String(repeating: " ", count: fit?.gap ?? TableFit.usualGap)
    for index in fit?.kept ?? Array(cells.indices) {
      let column = columns[shown[index]]
      let width = fit?.widths[index] ?? widths[index]
      let cell = fit == nil ? cells[index] : DisplayWidth.cut(cells[index], to: width, column.shortening)
      if !line.isEmpty { line += gap }
      let padding = String(repeating: " ", count: max(0, width - DisplayWidth.of(cell)))
      line += column.alignsRight ? padding + cell : cell + padding
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}

extension Report.Value {
  /// Whether it is still of use when it is cut: a number or a time is not.
  fileprivate var isCuttable: Bool {
    switch self {
    case .text, .texts, .counts, .objects: true
    default: false
    }
  }
}
