/// RFC 4180, with cells that a spreadsheet would run as a formula made text (CWE-1236).
enum CSVRenderer {
  static func header(_ columns: [Report.Column]) -> String {
    columns.map { quoted(neutralised(Shown.text($0.key))) }.joined(separator: ",") + "\r\n"
  }

  static func rows(_ rows: [[Report.Value]]) -> String {
    rows.reduce(into: "") { text, row in text += row.map(cell).joined(separator: ",") + "\r\n" }
  }

  private static func cell(_ value: Report.Value) -> String {
    switch value {
    case .missing: ""
    case .text, .texts, .counts, .objects: quoted(neutralised(Shown.text(value.plain)))
    case .integer, .decimal, .real, .instant, .bucket, .milliseconds, .flag: value.plain
    }
  }

  /// A leading apostrophe is what spreadsheets take as "this is text". Some take full-width signs for signs.
  private static func neutralised(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return text }
    return "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) && text != "-" ? "'" + text : text
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
