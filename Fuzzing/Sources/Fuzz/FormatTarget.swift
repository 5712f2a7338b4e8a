internal import AccessLog

/// Text layouts: the built-in ones and any format string that the first line may be.
enum FormatTarget {
  static func run(_ input: [UInt8]) {
    let lines = input.lines(3)
    var own: [TextFormat] = []
    if let source = String(validating: lines[0], as: UTF8.self) {
      do throws(TextFormatError) {
        own = [try TextFormat(source)]
      } catch {
        Fuzz.require(!error.description.isEmpty, "an error without a word")
      }
      _ = FieldMap(jsonFormat: source)
      do throws(FieldMapError) { _ = try FieldMap(source) } catch { _ = error.description }
    }
    var formats = TextFormats(own: own)
    for line in lines {
      var table = FieldTable()
      let fits = formats.match(line.span, into: &table)
      for field in Field.allCases {
        let slice = table[field]
        Fuzz.require(fits || slice.kind == .absent, "a line that fits nothing has fields")
        Fuzz.require(slice.start >= 0 && slice.range.upperBound <= line.count, "a field leaves its line")
      }
      repair(line)
      _ = Noise.classify(line.span)
    }
  }

  private static let template = Repair(
    lastGoodLine: Array(#"{"start_time":"x","method":"GET","path":"/","duration":1}"#.utf8).span)

  private static func repair(_ line: [UInt8]) {
    var table = FieldTable()
    guard let template, template.read(line.span, into: &table) else { return }
    for field in Field.allCases {
      Fuzz.require(table[field].range.upperBound <= line.count, "a repaired field leaves its line")
    }
  }
}
