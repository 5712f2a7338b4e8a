/// Rows of a CSV download (Grafana, Kibana, Azure, Datadog): which of its columns hold the line, and which say who wrote
/// it, by the words of its header (`EnvelopeKeys`).
struct CSVTable {
  private let delimiter: UInt8
  private var bodies: [Int] = []
  private var names: [(column: Int, meaning: EnvelopeKeys.Meaning)] = []
  private var columns: [[UInt8]] = []
  /// A row that goes on behind a line feed in quotes.
  private var part: [UInt8] = []
  private var partLines = 0
  /// Lines that one row may take; quotes that do not close are somebody's text.
  private static let rowLines = 16

  /// Reads a header: two columns at least, one of which means a body; or the fields of an access log.
  init?(header line: Span<UInt8>) {
    guard line.count < 4096, let delimiter = Self.delimiter(line) else { return nil }
    self.delimiter = delimiter
    var isClosed = true
    let cells = Self.cells(line, delimiter, isClosed: &isClosed)
    guard isClosed, cells.count >= 2, cells.allSatisfy({ !$0.isEmpty && $0.count <= 64 && Self.isName($0) })
    else { return nil }
    columns = cells
    var fields = 0
    for (column, cell) in cells.enumerated() {
      if let field = FieldNames.field(forKey: cell.span), !FieldNames.isIdentity(field) { fields += 1 }
      switch EnvelopeKeys.meaning(cell.span) {
      case .body?: bodies.append(column)
      case let meaning?: names.append((column, meaning))
      case nil: break
      }
    }
    guard !bodies.isEmpty || fields >= 4 else { return nil }
    isOfFields = fields >= 4
  }

  private let isOfFields: Bool

  private static func delimiter(_ line: Span<UInt8>) -> UInt8? {
    for byte in [0x2C, 0x09, 0x3B] as [UInt8] where line.first(byte, from: 0, to: line.count) != nil {
      return byte
    }
    return nil
  }

  /// A column is named with words.
  private static func isName(_ cell: [UInt8]) -> Bool {
    cell.allSatisfy {
      $0.isLetter || $0.isDigit
        || [0x20, 0x2D, 0x2E, 0x5F, 0x40, 0x5B, 0x5D, 0x28, 0x29, 0x2F, 0x3A].contains($0)
    }
  }

  enum Row {
    /// The line goes on.
    case part
    case body([UInt8], Origin<[UInt8]>)
    /// A row without an access log, or no row.
    case nothing
  }

  mutating func read(_ line: Span<UInt8>, own: OwnFormat?) -> Row {
    var isClosed = true
    if !part.isEmpty { part.append(0x0A) }
    part.append(line, 0..<line.count)
    let cells = Self.cells(part.span, delimiter, isClosed: &isClosed)
    if !isClosed, partLines < Self.rowLines, part.count < Limits.lineBytes {
      partLines += 1
      return .part
    }
    part.removeAll(keepingCapacity: true)
    partLines = 0
    return isClosed ? row(cells, own) : .nothing
  }

  /// Forgets the row that has begun; whether there was one.
  mutating func dropPart() -> Bool {
    defer {
      part = []
      partLines = 0
    }
    return !part.isEmpty
  }

  private func row(_ cells: [[UInt8]], _ own: OwnFormat?) -> Row {
    guard cells.count >= 2 else { return .nothing }
    var found = Origin<[UInt8]>()
    for (column, meaning) in names where column < cells.count { take(meaning, cells[column], &found) }
    for column in bodies where column < cells.count {
      var body = cells[column]
      while let last = body.last, last <= 0x20 { body.removeLast() }
      let prefix = PlainPrefix(body.span, own: own)
      if prefix.bodyStart > 0 { body.removeFirst(prefix.bodyStart) }
      if prefix.isOwn || AccessLogText.begins(body.span, at: 0) { return .body(body, found) }
    }
    return isOfFields ? .body(object(cells), found) : .nothing
  }

  private func take(_ meaning: EnvelopeKeys.Meaning, _ cell: [UInt8], _ found: inout Origin<[UInt8]>) {
    switch meaning {
    case .name(let field): found.take(field, cell)
    case .names: found.fill(from: LabelText.names(in: cell.span))
    case .path: found.fill(from: PathNames.names(in: cell))
    default: break
    }
  }

  /// The fields as an object.
  private func object(_ cells: [[UInt8]]) -> [UInt8] {
    var text: [UInt8] = [0x7B]
    for (name, value) in zip(columns, cells) where !value.isEmpty {
      guard let field = FieldNames.field(forKey: name.span), !FieldNames.isIdentity(field) else { continue }
      if text.count > 1 { text.append(0x2C) }
      text += [0x22] + name + [0x22, 0x3A, 0x22]
      JSONString.escape(value, into: &text)
      text.append(0x22)
    }
    return text + [0x7D]
  }

  /// RFC 4180: quotes are doubled inside quotes.
  private static func cells(_ line: Span<UInt8>, _ delimiter: UInt8, isClosed: inout Bool) -> [[UInt8]] {
    var cells: [[UInt8]] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var index = 0
    while index < line.count {
      let byte = line[index]
      if isQuoted {
        if byte != 0x22 {
          cell.append(byte)
        } else if index + 1 < line.count, line[index + 1] == 0x22 {
          cell.append(0x22)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == 0x22, cell.isEmpty {
        isQuoted = true
      } else if byte == delimiter {
        cells.append(cell)
        cell.removeAll(keepingCapacity: true)
      } else {
        cell.append(byte)
      }
      index += 1
    }
    isClosed = !isQuoted
    cells.append(cell)
    return cells
  }
}

extension EnvelopeStripper {
  /// A row of the table whose header came before; nil where there is none, or the line is none of its rows.
  mutating func stripRow(_ line: Span<UInt8>) -> Stripped? {
    guard table != nil else { return nil }
    if AccessLogText.begins(line, at: 0) {
      if table?.dropPart() ?? false { isCut = true }
      return nil
    }
    switch table?.read(line, own: own) {
    case .part?: return Stripped(body: .pending, identityChanged: false)
    case .body(let body, let names)?:
      decoded = body
      return Stripped(body: .decoded, identityChanged: adopt(Origin(), line, names))
    default: return nil
    }
  }
}
