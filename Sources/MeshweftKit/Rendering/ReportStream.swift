/// A report whose rows come in pieces: what `Report.rendered` gives, without holding all rows.
struct ReportStream {
  private let schema: String
  private let rowsKey: String
  private let columns: [Report.Column]
  private let form: OutputForm
  private var isFirst = true
  private var rowCount = 0
  private var table: TableRenderer?

  init(schema: String, rowsKey: String, columns: [Report.Column], form: OutputForm) {
    self.schema = schema
    self.rowsKey = rowsKey
    self.columns = columns
    self.form = form
  }

  mutating func render(_ rows: [[Report.Value]]) -> [UInt8] {
    defer { isFirst = false }
    switch form {
    case .table, .wide:
      var renderer = table ?? TableRenderer(columns: columns, wide: form == .wide)
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

  func end() -> [UInt8] { form == .json ? Array("\n]}\n".utf8) : [] }

  private func opening() -> [UInt8] {
    var writer = JSONWriter()
    writer.string(schema)
    return Array("{\"schema\":\(writer.text),\"\(rowsKey)\":[".utf8)
  }

  private func json(_ row: [Report.Value]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      for (column, value) in zip(columns, row) {
        writer.key(column.key)
        value.write(to: &writer)
      }
    }
    return writer.bytes
  }
}
