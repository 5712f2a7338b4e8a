internal import TraceStore

/// The requests of a trace as lines with bars, under a line that says what the columns and the bars are.
///
/// On a terminal it is as wide as that at most: the bars give way first, then names of pods and paths are cut, and the start
/// of each request is left out, which its bar shows.
struct Waterfall {
  private let view: TraceView
  /// By line: its hop; nil of an inferred one, which has no time.
  private let hops: [StoredHop?]
  private let ink: Ink
  /// By line; see `Column`.
  private let cells: [[String]]
  /// By column, and of the bars.
  private let widths: [Int]
  private let barWidth: Int
  private let columns: [Column]

  private enum Column: Int, CaseIterable {
    case role, place, request, outcome, start, duration

    var header: String {
      switch self {
      case .role: "ROLE"
      case .place: "POD"
      case .request: "REQUEST"
      case .outcome: "STATUS"
      case .start: "START"
      case .duration: "DURATION"
      }
    }
  }

  /// Columns of the bars: where there is room, and where there is not.
  private static let (usualBar, leastBar) = (30, 10)
  /// Columns that a pod and a request keep: before and after starts are left out.
  private static let (usualText, leastText) = (24, 10)
  /// Calls within each other for which there is room to indent them by two columns.
  private static let usualDepth = 4
  private static let gap = "  "

  init(_ view: TraceView, _ rows: ArraySlice<TraceView.Row>, _ ink: Ink) {
    self.view = view
    self.ink = ink
    let showsDates = Waterfall.spansDays(view)
    let isDeep = (rows.map(\.depth).max() ?? 0) > Waterfall.usualDepth
    let indent = isDeep && ink.columns != nil ? " " : "  "
    let lines = Waterfall.lines(view, rows)
    let cells = lines.map { line -> [String] in
      let margin = String(repeating: indent, count: min(line.depth, 12))
      guard let hop = line.hop else {
        return [
          margin + "(\(line.inferred?.role ?? ""))", Shown.text(line.inferred?.place ?? "", limit: 80),
          "inferred", "-",
          "-", "-",
        ]
      }
      let start = view.times.start(of: hop)
      return [
        margin + (hop.isTunnel ? "ztunnel" : hop.role), TraceText.place(hop), Waterfall.request(hop),
        Waterfall.outcome(hop),
        showsDates ? Instant.text(start, digits: 3) : Waterfall.moment(start - view.times.start, hop, view),
        TraceText.milliseconds(hop.durationMicroseconds),
      ]
    }
    hops = lines.map(\.hop)
    var widths = Column.allCases.map { column in
      (cells.map { DisplayWidth.of($0[column.rawValue]) } + [DisplayWidth.of(column.header)]).max() ?? 0
    }
    var bar = Waterfall.usualBar
    var columns = Column.allCases
    if let terminal = ink.columns {
      func missing() -> Int {
        columns.reduce(0) { $0 + widths[$1.rawValue] + Waterfall.gap.count } + bar - terminal
      }
      bar = max(Waterfall.leastBar, bar - max(0, missing()))
      let texts = [Column.place.rawValue, Column.request.rawValue]
      func shorten(to least: Int) {
        while missing() > 0, let widest = texts.max(by: { widths[$0] < widths[$1] }), widths[widest] > least {
          widths[widest] -= 1
        }
      }
      shorten(to: Waterfall.usualText)
      if missing() > 0 { columns.removeAll { $0 == .start } }
      shorten(to: Waterfall.leastText)
    }
    self.cells = cells
    self.columns = columns
    self.widths = widths
    barWidth = bar
  }

  private struct Line {
    var hop: StoredHop?
    var inferred: InferredHop?
    var depth: Int
  }

  /// Each hop below the inferred ones that called it, and those that it called below it.
  private static func lines(_ view: TraceView, _ rows: ArraySlice<TraceView.Row>) -> [Line] {
    var lines: [Line] = []
    var above = 0
    for row in rows {
      if row.depth == 0 { above = 0 }
      let inferred = view.inferred[row.hop.id] ?? []
      for hop in inferred where hop.relation == .caller {
        lines.append(Line(inferred: hop, depth: row.depth + above))
        above += 1
      }
      lines.append(Line(hop: row.hop, depth: row.depth + above))
      for hop in inferred where hop.relation == .called {
        lines.append(Line(inferred: hop, depth: row.depth + above + 1))
      }
    }
    return lines
  }

  /// Whether it begins and ends on different days of UTC.
  static func spansDays(_ view: TraceView) -> Bool {
    Instant.text(view.times.start).prefix(10)
      != Instant.text(view.times.start &+ view.times.duration).prefix(10)
  }

  /// None where there are no requests.
  var lines: [String] {
    if hops.isEmpty { return [] }
    let header = ink.paint(line(Column.allCases.map(\.header), bar: scale), .bold)
    return [header]
      + zip(hops, cells).map { hop, cells in
        guard let hop else { return line(cells, bar: String(repeating: "·", count: barWidth)) }
        return line(
          cells, bar: ink.paint(bar(hop), hop.role == "server" ? .green : .cyan),
          hasFailed: Waterfall.hasFailed(hop))
      }
  }

  private func line(_ cells: [String], bar: String, hasFailed: Bool = false) -> String {
    let padded = columns.flatMap { column -> [String] in
      let cell = DisplayWidth.cut(cells[column.rawValue], to: widths[column.rawValue])
      let space = String(repeating: " ", count: max(0, widths[column.rawValue] - DisplayWidth.of(cell)))
      switch column {
      case .start: return [space + cell]
      case .duration: return [bar, space + cell]
      case .outcome where hasFailed: return [ink.paint(cell + space, .red)]
      default: return [cell + space]
      }
    }
    return padded.joined(separator: Waterfall.gap)
  }

  /// What the bars' ends stand for: `0              61 ms`.
  private var scale: String {
    let end = TraceText.milliseconds(view.times.duration)
    let space = barWidth - 1 - end.count
    return space > 0
      ? "0" + String(repeating: " ", count: space) + end : String(repeating: " ", count: barWidth)
  }

  /// `····████······`: where in the trace the hop's interval lies.
  private func bar(_ hop: StoredHop) -> String {
    let columns = Int64(barWidth)
    // Lines may say that something took longer than any time can be multiplied.
    let coarse = view.times.duration > Int64.max / (2 * columns) ? Int64(8) : 0
    let whole = max(1, view.times.duration >> coarse)
    let before = min(whole, max(0, view.times.start(of: hop) - view.times.start) >> coarse)
    let start = min(columns - 1, before * columns / whole)
    let length = max(1, (min(whole, (hop.durationMicroseconds ?? 0) >> coarse) * columns + whole - 1) / whole)
    let end = min(columns, start + length)
    return String(repeating: "·", count: Int(start)) + String(repeating: "█", count: Int(end - start))
      + String(repeating: "·", count: Int(columns - end))
  }

  private static func request(_ hop: StoredHop) -> String {
    guard let method = hop.method else { return "TCP" }
    return Shown.text("\(method) \(hop.path ?? "-")", limit: 40)
  }

  private static func outcome(_ hop: StoredHop) -> String {
    let code = isConnection(hop) ? "-" : hop.responseCode.map(String.init) ?? "-"
    return hop.responseFlags.isEmpty
      ? code : Shown.text("\(code) \(hop.responseFlags.joined(separator: ","))", limit: 30)
  }

  private static func hasFailed(_ hop: StoredHop) -> Bool {
    if isConnection(hop) { return !hop.responseFlags.isEmpty }
    return !hop.responseFlags.isEmpty || hop.responseCode.map { $0 >= 500 || $0 == 0 } ?? true
  }

  /// A connection has no response.
  private static func isConnection(_ hop: StoredHop) -> Bool {
    hop.method == nil && hop.responseCode ?? 0 == 0
  }

  /// A time that another mesh cluster's clock told is right to some milliseconds only.
  static func moment(_ microseconds: Int64, _ hop: StoredHop, _ view: TraceView) -> String {
    view.times.ahead(hop) == 0 ? TraceText.milliseconds(microseconds) : TraceText.about(microseconds)
  }
}
