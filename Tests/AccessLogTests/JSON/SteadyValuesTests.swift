import TestSupport
import Testing

@testable import AccessLog

@Suite struct `Values that are the same on line after line` {
  /// Lines of one shape, in which each value is the same for a while and then another one.
  private static func line(
    _ number: Int, _ random: inout SplitMix64, _ values: inout [String]
  ) -> String {
    for index in values.indices where Int.random(in: 0..<60, using: &random) == 0 {
      values[index] = choices[index].randomElement(using: &random) ?? ""
    }
    let members = zip(keys, values).map { "\"\($0)\":\($1)" }
    // A value that is always another one, among steady ones, and now and then at the end.
    let changing = "\"request_id\":\"\(String(repeating: "r", count: number % 40))\(number)\""
    let place = number % 500 < 250 ? 3 : members.count
    let all = members[..<place] + [changing] + members[place...]
    return "{" + all.joined(separator: ",") + "}"
  }

  private static let keys = [
    "authority", "bytes_sent", "method", "my_own_field_that_has_a_very_long_name_and_no_meaning",
    "response_code",
    "upstream_cluster", "method", "user_agent",
  ]
  private static let choices: [[String]] = [
    ["\"a\"", "\"a.example\"", "\"-\"", "null", "\"\""], ["1", "12", "123456789", "\"12\"", "1.5e3"],
    ["\"GET\"", "\"POST\"", "null"],
    ["\"x\"", "[1]", "7", "true", "\"\(String(repeating: "y", count: 150))\""],
    ["200", "503", "\"200\"", "0"],
    ["\"outbound|80||\(String(repeating: "s", count: 40)).local\"", "\"in\""],
    ["\"PUT\"", "1"], ["\"curl/8\"", "\"é\"", "\"a\\\"b\"", "\"Mozilla/5.0 (X11; Linux x86_64)\""],
  ]

  @Test func `are found where the full scan finds them, however long they stay`() {
    var random = SplitMix64(seed: 4)
    var values = Self.choices.map { $0[0] }
    var warm = JSONLineScanner()
    var lines = 0
    for number in 0..<20_000 {
      let text = Self.line(number, &random, &values)
      var fresh = JSONLineScanner()
      let expected = `The predicted scan and the full scan find the same fields`.slices(&fresh, text)
      let found = `The predicted scan and the full scan find the same fields`.slices(&warm, text)
      guard found.0 == expected.0, found.1 == expected.1, found.2 == expected.2 else {
        Issue.record("differs in line \(number): \(text)")
        return
      }
      lines += 1
    }
    #expect(lines == 20_000)
    #expect(warm.fullScans < 15_000)
  }

  @Test func `are compared with the keys around them, and a change is read all the same`() {
    var fields = FieldTable()
    var scanner = JSONLineScanner()
    func scan(_ text: String) -> (steady: UInt64, layout: UInt64) {
      PaddedBytes.withCopy(of: Array(text.utf8)) { line in
        fields.reset()
        #expect(scanner.scan(line, into: &fields) == .object)
        return (fields.steady, fields.layout)
      }
    }
    func bit(_ field: Field) -> UInt64 { 1 << UInt64(field.rawValue) }
    func text(_ number: Int, method: String = "GET") -> String {
      #"{"method":"\#(method)","path":"/\#(number)","response_code":200}"#
    }
    for number in 0...SteadyValues.proof { _ = scan(text(number)) }
    let before = scan(text(100))
    #expect(before.steady == bit(.method) | bit(.responseCode))
    #expect(scan(text(101)) == before)
    _ = scan(text(102, method: "PUT"))
    let after = scan(text(103))
    #expect(after.steady == bit(.responseCode))
    #expect(after.layout != before.layout)
  }

  @Test func `lead to the same attribute sets as every line by itself`() {
    var random = SplitMix64(seed: 9)
    var values = Self.choices.map { $0[0] }
    let tables = ParserTables()
    var warm = HopParser(tables: tables, logName: "a.log")
    var batch = HopBatch()
    var expected: [Int32] = []
    for number in 0..<1500 {
      let text =
        Self.line(number, &random, &values).dropLast() + #","start_time":"2024-05-23T08:00:00.005Z"}"#
      PaddedBytes.withCopy(of: Array(text.utf8)) { line in
        _ = warm.parse(line, number: Int64(number + 1), into: &batch)
        var one = HopBatch()
        // Texts have their indices from the same tables; a parser of its own has no line before this one.
        var fresh = HopParser(tables: tables, logName: "a.log")
        if case .hop = fresh.parse(line, number: 1, into: &one) { expected.append(one.rows[0].attributes) }
      }
    }
    tables.finish(&batch)
    let sets = batch.attributeSets
    #expect(batch.rows.count == expected.count)
    let wrong = zip(batch.rows, expected).filter { row, index in sets[Int(row.attributes)] != sets[Int(index)]
    }
    #expect(wrong.isEmpty)
    #expect(Set(batch.rows.map(\.attributes)).count > 5)
  }

  @Test func `of one term are not taken for those of the next`() {
    let tables = ParserTables()
    var parser = HopParser(tables: tables, logName: "a.log")
    var batch = HopBatch()
    for number in 0..<2 * SteadyValues.term {
      let method = number < 100 ? "GET" : "PUT"
      let text =
        #"{"method":"\#(method)","path":"/\#(number)","response_code":200,"start_time":"2024-05-23T08:00:00.005Z"}"#
      PaddedBytes.withCopy(of: Array(text.utf8)) { line in
        _ = parser.parse(line, number: Int64(number + 1), into: &batch)
      }
    }
    let indices = batch.rows.map(\.attributes)
    #expect(indices.count == 2 * SteadyValues.term)
    #expect(Set(indices[..<100]).count == 1)
    #expect(Set(indices[100...]).count == 1)
    #expect(indices[0] != indices[100])
  }
}
