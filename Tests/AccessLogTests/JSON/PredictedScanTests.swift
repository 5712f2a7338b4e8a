@testable import AccessLog
import Testing

@Suite struct `The predicted scan and the full scan find the same fields` {
  /// Every field's slice, for comparing.
  static func slices(_ scanner: inout JSONLineScanner, _ text: String) -> (
    [FieldSlice], Bool, JSONLineScanner.Outcome
  ) {
    var fields = FieldTable()
    let outcome = PaddedBytes.withCopy(of: Array(text.utf8)) { scanner.scan($0, into: &fields) }
    return (Field.allCases.map { fields[$0] }, fields.hasDuplicateKey, outcome)
  }

  static let first = #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8","x":null}"#

  @Test(arguments: [
    #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8","x":null}"#,
    #"{"method":"POST","path":"/a/much/longer/path?with=query","response_code":"503","user_agent":null,"x":1.5e3}"#,
    #"{"method":"","path":"","response_code":0,"user_agent":"é","x":"y"}"#,
    #"{"method":"G\"ET","path":"/\u00e9","response_code":-1,"user_agent":"\\","x":[1,{"method":"x"}]}"#,
    #"{"path":"/get","method":"GET","response_code":200,"user_agent":"curl/8","x":null}"#,
    #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8"}"#,
    #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8","x":null,"method":"PUT"}"#,
    #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8","x":null} "#,
    #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8","x":null}x"#,
    #"{"method":"GET","path":"/get","response_code":01,"user_agent":"curl/8","x":null}"#,
    #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8","x":nul}"#,
    #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8","x":null"#,
    #"{"method":"GET","path":"/get","response_code":200,"user_agent":"curl/8,"x":null}"#,
    #"{"method":"GET","path":"/get""#, "{", "", #"{ "method" : "GET" , "path" : "/get" }"#,
  ])
  func `whatever shape came before`(_ text: String) {
    var fresh = JSONLineScanner()
    let expected = Self.slices(&fresh, text)
    // After one line its keys are known, after as many as are watched its values, too.
    for lines in [1, 2 * SteadyValues.proof] {
      var warm = JSONLineScanner()
      for _ in 0..<lines { _ = Self.slices(&warm, Self.first) }
      let found = Self.slices(&warm, text)
      #expect(found.0 == expected.0)
      #expect(found.1 == expected.1)
      #expect(found.2 == expected.2)
    }
  }

  @Test func `a repeating shape is scanned in full only once`() {
    var scanner = JSONLineScanner()
    for _ in 0..<100 { _ = Self.slices(&scanner, Self.first) }
    #expect(scanner.fullScans == 1)
  }

  @Test func `four interleaved shapes are all predicted`() {
    var scanner = JSONLineScanner()
    let shapes = ["a", "b", "c", "d"].map { #"{"\#($0)":1,"method":"GET"}"# }
    for _ in 0..<50 { for shape in shapes { _ = Self.slices(&scanner, shape) } }
    #expect(scanner.fullScans == 4)
  }

  /// More than may be learned at first sight, and than are kept to be learned at the second.
  @Test(arguments: [5, 20]) func `lines of other shapes do not make it forget one that repeats`(others: Int) {
    var scanner = JSONLineScanner()
    for _ in 0..<2 { _ = Self.slices(&scanner, Self.first) }
    for number in 0..<others { _ = Self.slices(&scanner, #"{"other-\#(number)":1,"method":"GET"}"#) }
    for _ in 0..<2 { _ = Self.slices(&scanner, Self.first) }
    #expect(scanner.fullScans == 1 + others)
  }

  @Test func `a shape that comes again is learned, however many others came before`() {
    var scanner = JSONLineScanner()
    for number in 0..<50 { _ = Self.slices(&scanner, #"{"other-\#(number)":1,"method":"GET"}"#) }
    let before = scanner.fullScans
    for _ in 0..<20 { _ = Self.slices(&scanner, Self.first) }
    #expect(scanner.fullScans == before + 2)
  }

  @Test func `of a key that occurs twice the first value stays and the line is flagged`() {
    var scanner = JSONLineScanner()
    let text = #"{"response_code":200,"response_code":500}"#
    for _ in 0..<2 {
      let (slices, duplicate, _) = Self.slices(&scanner, text)
      #expect(duplicate)
      #expect(slices[Int(Field.responseCode.rawValue)].range == 17..<20)
    }
  }

  @Test func `two names of one field count as the same key`() {
    var scanner = JSONLineScanner()
    #expect(Self.slices(&scanner, #"{"authority":"a","authority_for":"b"}"#).1)
  }
}
