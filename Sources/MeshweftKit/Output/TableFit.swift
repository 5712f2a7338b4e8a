/// How a table that is wider than the terminal is made to fit: text is shortened to 16 columns, then columns are left out in
/// their `dropOrder`, then text is shortened further.
struct TableFit {
  static let usualGap = 3
  /// Between columns of a table that would not fit else.
  private static let narrowGap = 2
  /// Columns to which text is shortened before a column is left out for it, and afterwards.
  private static let (firstWidth, lastWidth) = (16, 6)

  /// Places of the columns that stay, in their order, and of those that do not.
  private(set) var kept: [Int]
  private(set) var dropped: [Int] = []
  /// By place.
  private(set) var widths: [Int]
  private(set) var gap = TableFit.usualGap

  /// `widths` are what the columns need, `isText` says which can be cut.
  init(_ columns: [Report.Column], widths: [Int], isText: [Bool], terminal: Int) {
    kept = Array(widths.indices)
    self.widths = widths
    if total <= terminal { return }
    gap = TableFit.narrowGap
    let cuttable = columns.indices.filter { isText[$0] && columns[$0].shortening != .never }
    shorten(cuttable, to: TableFit.firstWidth, terminal)
    for place in columns.indices.filter({ columns[$0].dropOrder != nil }).sorted(by: {
      (columns[$0].dropOrder ?? 0, $1) < (columns[$1].dropOrder ?? 0, $0)
    }) where total > terminal {
      kept.removeAll { $0 == place }
      dropped.append(place)
    }
    // What was shortened for a column that is left out now gets its room back.
    for place in cuttable { self.widths[place] = widths[place] }
    shorten(cuttable, to: TableFit.firstWidth, terminal)
    shorten(cuttable, to: TableFit.lastWidth, terminal)
  }

  private var total: Int { kept.reduce(0) { $0 + widths[$1] } + gap * max(0, kept.count - 1) }

  /// Takes from the widest, as much as is needed.
  private mutating func shorten(_ places: [Int], to least: Int, _ terminal: Int) {
    while total > terminal {
      let widest = places.filter { kept.contains($0) && widths[$0] > least }.max { widths[$0] < widths[$1] }
      guard let widest else { return }
      widths[widest] -= 1
    }
  }
}

extension DisplayWidth {
  /// Text in so many columns of a terminal, with an ellipsis where some of it is left out.
  static func cut(_ text: String, to width: Int, _ shortening: Report.Column.Shortening = .middle) -> String {
    guard shortening != .never, of(text) > width else { return text }
    if shortening == .service, let suffix = text.firstRange(of: ".svc.cluster.local") {
      return cut(String(text[..<suffix.lowerBound] + text[suffix.upperBound...]), to: width)
    }
    let room = max(0, width - 1)
    let (head, tail) = shortening == .end ? (room, 0) : (room - room / 2, room / 2)
    return prefix(text, head) + "…" + String(prefix(String(text.reversed()), tail).reversed())
  }

  private static func prefix(_ text: String, _ columns: Int) -> String {
    var result = ""
    var width = 0
    for character in text {
      width += of(String(character))
      if width > columns { return result }
      result.append(character)
    }
    return result
  }
}
