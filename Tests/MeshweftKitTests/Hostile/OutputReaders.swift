/// What a terminal would obey instead of showing it.
enum Terminals {
  /// Harmful characters in a text, the first few, in hex; the line ends of a CSV are none.
  static func harm(in text: String, isCSV: Bool = false) -> [String] {
    text.unicodeScalars.filter { $0 != "\n" && !(isCSV && $0 == "\r") && isHarmful($0) }
      .prefix(5).map { String($0.value, radix: 16) }
  }

  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
    // What no program draws, or draws as nothing: fillers, variation selectors, tags, braille without dots, odd spaces.
    default:
      scalar.properties.isDefaultIgnorableCodePoint || scalar.value == 0x2800
        || (scalar.properties.generalCategory == .spaceSeparator && scalar != " ")
    }
  }
}

/// RFC 4180, read strictly: CRLF after each record, quotes doubled within quotes and nowhere else.
struct CSVRecords {
  struct Malformed: Error { var record: Int }

  private(set) var records: [[String]] = []

  init(parsing text: String) throws {
    var rest = text.unicodeScalars[...]
    var record: [String] = []
    while !rest.isEmpty {
      record.append(try CSVRecords.cell(&rest, records.count))
      if rest.first == "," {
        rest.removeFirst()
      } else if rest.starts(with: ["\r", "\n"] as [Unicode.Scalar]) {
        rest.removeFirst(2)
        records.append(record)
        record = []
      } else {
        throw Malformed(record: records.count)
      }
    }
    guard record.isEmpty else { throw Malformed(record: records.count) }
  }

  private static func cell(_ rest: inout String.UnicodeScalarView.SubSequence, _ record: Int) throws -> String
  {
    var cell = String.UnicodeScalarView()
    guard rest.first == "\"" else {
      while let next = rest.first, next != ",", next != "\r" {
        guard next != "\"", next != "\n" else { throw Malformed(record: record) }
        cell.append(rest.removeFirst())
      }
      return String(cell)
    }
    rest.removeFirst()
    while let next = rest.popFirst() {
      guard next == "\"" else {
        cell.append(next)
        continue
      }
      guard rest.first == "\"" else { return String(cell) }
      cell.append(rest.removeFirst())
    }
    throw Malformed(record: record)
  }
}

extension CSVRecords {
  /// Whether a spreadsheet would run a cell.
  static func isFormula(_ cell: String) -> Bool {
    guard let first = cell.unicodeScalars.first, cell != "-", Double(cell) == nil else { return false }
    return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
  }
}

/// The exposition format of OpenMetrics 1.0, as far as meshweft writes it, read strictly.
enum OpenMetricsText {
  /// The first line that is none; nil where all are, and the text ends as it must.
  static func firstWrongLine(_ text: String) -> String? {
    guard text.hasSuffix("\n# EOF\n") else { return "the end" }
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first { !isLine($0) }
      .map(String.init)
  }

  private static func isLine(_ line: Substring) -> Bool {
    if line == "# EOF" { return true }
    let word = /[a-zA-Z_:][a-zA-Z0-9_:]*/
    if line.wholeMatch(of: /# (HELP|TYPE|UNIT) [a-zA-Z_:][a-zA-Z0-9_:]* [^\n]*/) != nil { return true }
    guard let name = line.prefixMatch(of: word) else { return false }
    var rest = line[name.range.upperBound...]
    if rest.first == "{" {
      let labels = /\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*",?)*\}/
      guard let found = rest.prefixMatch(of: labels) else { return false }
      rest = rest[found.range.upperBound...]
    }
    return rest.wholeMatch(of: #/\ [-+0-9.eEInfNa]+(\ [0-9.]+)?/#) != nil
  }
}

/// Text with what stands between quotes taken out; a backslash keeps the quote behind it from ending anything.
func outsideQuotes(_ text: String, escapes: Bool) -> String {
  var (result, isInside, isEscaped) = ("", false, false)
  for character in text.unicodeScalars {
    if isEscaped {
      isEscaped = false
    } else if isInside, escapes, character == "\\" {
      isEscaped = true
    } else if character == "\"" {
      isInside.toggle()
    } else if !isInside {
      result.unicodeScalars.append(character)
    }
  }
  return isInside ? "an open quote" : result
}
