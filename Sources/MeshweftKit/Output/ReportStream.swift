/// A report whose rows come in pieces: what `Report.rendered` gives, without holding all rows.
struct ReportStream {
  private let schema: String
  private let rowsKey: String
  private let columns: [Report.Column]
  private let form: OutputForm
  private let facts: [Report.Value.Member]
  /// Indices of the columns that this form has.
  private let used: [Int]
  private var isFirst = true
  private var rowCount = 0
  private var table: TableRenderer?
  private let ink: Ink

  init(
    schema: String, rowsKey: String, columns: [Report.Column], form: OutputForm,
    facts: [Report.Value.Member] = [], ink: Ink = .none
  ) {
    self.ink = ink
    self.schema = schema
    self.rowsKey = rowsKey
    self.form = form
    self.facts = facts
    let unwanted: Report.Column.Audience = form == .table || form == .wide ? .programs : .people
    used = columns.indices.filter { columns[$0].audience != unwanted }
    self.columns = used.map { columns[$0] }
  }

  /// Makes columns as wide as rows need that are rendered later.
  mutating func measure(_ all: [[Report.Value]]) {
    guard form == .table || form == .wide else { return }
    var renderer = table ?? TableRenderer(columns: columns, wide: form == .wide, ink: ink)
    _ = renderer.measured(all.map { row in used.map { row[$0] } })
    table = renderer
  }

  mutating func render(_ all: [[Report.Value]]) -> [UInt8] {
    defer { isFirst = false }
    let rows = all.map { row in used.map { row[$0] } }
    switch form {
    case .table, .wide:
      var renderer = table ?? TableRenderer(columns: columns, wide: form == .wide, ink: ink)
      defer { table = renderer }
      return Array(renderer.render(rows, withHeader: isFirst).utf8)
    case .csv:
      return Array(((isFirst ? CSVRenderer.header(columns) : "") + CSVRenderer.rows(rows)).utf8)
    case .ndjson:
      return rows.flatMap { json($0) + [0x0A] }
    case .json:
      var bytes = isFirst ? opening() : []
      for row in rows {
        if rowCount > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += [0x0A] + json(row)
        rowCount += 1
      }
      return bytes
    }
  }

  func end() -> [UInt8] {
    if form == .json { return Array("\n]}\n".utf8) }
    return Array((table?.leftOut ?? "").utf8)
  }

  private func opening() -> [UInt8] {
    var writer = JSONWriter()
    writer.string(schema)
    var text = "{\"schema\":\(writer.text)"
    for fact in facts {
      var writer = JSONWriter()
      fact.value.write(to: &writer)
      text += ",\"\(fact.key)\":\(writer.text)"
    }
    return Array((text + ",\"\(rowsKey)\":[").utf8)
  }

  private func json(_ row: [Report.Value]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      var index = 0
      while index < columns.count {
        let parts = columns[index].key.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let outer = parts.first else {
          writer.key(columns[index].key)
          row[index].write(to: &writer)
          index += 1
          continue
        }
        let end = columns[index...].firstIndex { !$0.key.hasPrefix(outer + ".") } ?? columns.count
        writer.key(String(outer))
        writer.object { writer in
          for inner in index..<end {
            writer.key(String(columns[inner].key.dropFirst(outer.count + 1)))
            row[inner].write(to: &writer)
          }
        }
        index = end
      }
    }
    return writer.bytes
  }
}
