internal import AccessLog
internal import Foundation

/// The scanner of JSON lines: predicted and full scan must agree, and both with Foundation's JSON.
enum ScannerTarget {
  private struct Found: Equatable {
    var outcome: JSONLineScanner.Outcome
    var slices: [FieldSlice]
    var hasDuplicate: Bool
  }

  /// More lines than are looked at before a value counts as steady.
  private static let untilSteady = 40

  static func run(_ input: [UInt8]) {
    var warm = JSONLineScanner()
    for line in input.lines(4) {
      var cold = JSONLineScanner()
      let expected = scan(line, &cold)
      let found = scan(line, &warm)
      Fuzz.require(found == expected, "the predicted scan finds \(found), the full one \(expected)")
      // Once more, now that its own shape is known, and once all its values are taken for steady.
      Fuzz.require(scan(line, &cold) == expected, "a second scan finds something else")
      for _ in 0..<untilSteady { _ = scan(line, &warm) }
      Fuzz.require(scan(line, &warm) == expected, "a scan of steady values finds something else")
      for slice in found.slices where slice.kind != .absent {
        Fuzz.require(slice.start >= 0 && slice.range.upperBound <= line.count, "a slice leaves the line")
      }
      compare(line, expected)
    }
  }

  private static func scan(_ line: [UInt8], _ scanner: inout JSONLineScanner) -> Found {
    var fields = FieldTable()
    let outcome = PaddedBytes.withCopy(of: line) { scanner.scan($0, into: &fields) }
    // What a line that is refused left in the table is nobody's.
    guard outcome == .object else { return Found(outcome: outcome, slices: [], hasDuplicate: false) }
    return Found(
      outcome: outcome, slices: Field.allCases.map { fields[$0] }, hasDuplicate: fields.hasDuplicateKey)
  }

  private static func compare(_ line: [UInt8], _ found: Found) {
    guard isForBoth(line) else { return }
    let oracle = try? JSONSerialization.jsonObject(with: Data(line), options: .fragmentsAllowed)
    guard let oracle else {
      // Foundation refuses numbers that it cannot represent and lone surrogates, which are JSON all the same.
      let isMalformed = if case .malformed = found.outcome { true } else { false }
      Fuzz.require(isMalformed || mayBeRefused(line), "accepted, and Foundation refuses it")
      return
    }
    if case .malformed = found.outcome {
      // Foundation takes a comma behind the last member, which JSON has not.
      Fuzz.require(
        depth(line) > Limits.jsonDepth || endsWithComma(line), "refused, and Foundation accepts it")
      return
    }
    guard let object = oracle as? [String: Any] else {
      return Fuzz.require(found.outcome == .notObject, "an object, and Foundation finds none")
    }
    Fuzz.require(found.outcome == .object, "no object, and Foundation finds one")
    if !found.hasDuplicate { compareValues(line, found, object) }
  }

  /// Foundation guesses at UTF-16 and UTF-32 by zero bytes, takes off a byte order mark, and refuses what is not UTF-8;
  /// the scanner leaves all that to others.
  private static func isForBoth(_ line: [UInt8]) -> Bool {
    !line.isEmpty && !line.contains(0) && !line.contains(0xEF)
      && String(validating: line, as: UTF8.self) != nil
  }

  private static func mayBeRefused(_ line: [UInt8]) -> Bool {
    let text = String(decoding: line, as: UTF8.self).lowercased()
    return text.contains("\\ud") || text.contains("e") || line.count { $0 >= 0x30 && $0 <= 0x39 } > 15
      || depth(line) > 500
  }

  /// Whether a comma stands before a closing bracket, be it within a string.
  private static func endsWithComma(_ line: [UInt8]) -> Bool {
    var wasComma = false
    for byte in line where ![0x20, 0x09, 0x0A, 0x0D].contains(byte) {
      if wasComma, byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { return true }
      wasComma = byte == UInt8(ascii: ",")
    }
    return false
  }

  /// Most brackets that are open at once; more than there are, where strings hold brackets.
  private static func depth(_ line: [UInt8]) -> Int {
    line.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
  }

  private static func compareValues(_ line: [UInt8], _ found: Found, _ object: [String: Any]) {
    var values: [Field: Any] = [:]
    for (key, value) in object {
      if let field = FieldNames.field(forKey: Array(key.utf8).span) { values[field] = value }
    }
    let hasEscapes = line.contains(UInt8(ascii: "\\"))
    for field in Field.allCases {
      let slice = found.slices[Int(field.rawValue)]
      guard slice.kind != .absent else {
        // A key that is written with escapes names no field.
        Fuzz.require(values[field] == nil || hasEscapes, "\(field) is not found")
        continue
      }
      guard let value = values[field] else { fatalError("\(field) is found, and Foundation has none") }
      let bytes = Array(line[slice.range])
      switch slice.kind {
      case .null: Fuzz.require(value is NSNull, "\(field) is null")
      case .text:
        Fuzz.require((value as? String).map { Array($0.utf8) } == bytes, "\(field) is other text: \(value)")
      case .escapedText: compareEscaped(bytes, value, field)
      case .number: Fuzz.require(value is NSNumber, "\(field) is no number")
      case .other: Fuzz.require(!(value is String), "\(field) is text")
      case .absent: break
      }
    }
  }

  private static func compareEscaped(_ bytes: [UInt8], _ value: Any, _ field: Field) {
    var (clean, text): ([UInt8], [UInt8]) = ([], [])
    let wasReplaced = unsafe bytes.withUnsafeBytes { unsafe UTF8Text.appendUnescaped($0, to: &clean) }
    let isClean = JSONString.unescape(bytes.span, 0..<bytes.count, into: &text)
    Fuzz.require(isClean == !wasReplaced, "two readers of escapes disagree on \(field)")
    guard let expected = value as? String, !wasReplaced else { return }
    Fuzz.require(clean == Array(expected.utf8) && text == clean, "\(field) is unescaped to other text")
  }
}
