/// Reads lines of a JSON text template whose values were not escaped.
///
/// Alibaba ASM's log format may be a *text* template that looks like JSON; Envoy does not escape the values of such
/// a template, so a quote or a backslash in a user agent or a path makes the line invalid JSON. The template's keys
/// come in the same order on every line, which the source's last good line shows; between two of its keys lies one
/// value, whatever it holds.
///
/// A value can forge keys (CVE-2025-25294), hence the values are taken only where they can lie in one way: reading
/// the keys from the left, each as early as it can be, and from the right, each as late as it can be, must give the
/// same places. What is ambiguous is refused, and a value that holds a key of the line flags the line.
package struct Repair: Sendable {
  /// The line's keys in order, each as it stands with its quotes and colon: `"method":`.
  package let keyOrder: [[UInt8]]
  private let fields: [Field?]

  /// The most keys a line may have to be repaired.
  package static let maximumKeys = Limits.repairedKeys

  /// - Parameters:
  ///   - keyOrder: raw keys with quotes and colon.
  ///   - fieldMap: names of the user's own, asked first.
  package init(keyOrder: [[UInt8]], fieldMap: FieldMap? = nil) {
    self.keyOrder = keyOrder
    fields = keyOrder.map { key in
      guard key.count > 3 else { return nil }
      let name = key.span.extracting(1..<key.count - 2)
      return fieldMap?.field(forKey: name) ?? FieldNames.field(forKey: name)
    }
  }

  /// Takes the key order of a good line; nil where it is no object, or has more keys than can be repaired.
  package init?(lastGoodLine line: Span<UInt8>, fieldMap: FieldMap? = nil) {
    guard var members = JSONMembers(in: line, at: 0) else { return nil }
    var keys: [[UInt8]] = []
    while let member = members.next(in: line) {
      guard keys.count < Self.maximumKeys else { return nil }
      var key: [UInt8] = [0x22]
      key.append(line, member.key)
      key += [0x22, 0x3A]
      keys.append(key)
    }
    guard !members.isMalformed, keys.count > 1 else { return nil }
    self.init(keyOrder: keys, fieldMap: fieldMap)
  }

  /// Reads a line that is not JSON into `table`, which must have been reset.
  ///
  /// Values are slices of kind `.text`: their backslashes are what was logged. Refused, with the table as it was:
  /// a line that lacks a key or its end, one whose keys can lie in two ways, one with control characters, and one
  /// that has no unescaped quote or backslash at all (then something else is wrong with it).
  /// - Complexity: O(line × keys).
  package func read(_ line: Span<UInt8>, into table: inout FieldTable) -> Bool {
    guard keyOrder.count > 1, keyOrder.count <= Self.maximumKeys, let places = places(line) else {
      return false
    }
    var values: [FieldSlice] = []
    values.reserveCapacity(places.count)
    var isBroken = false
    for index in places.indices {
      let start = places[index].value
      let end = index + 1 < places.count ? places[index + 1].comma : endOfObject(line)
      guard let value = value(line, start, end, isBroken: &isBroken) else { return false }
      values.append(value)
    }
    guard isBroken else { return false }
    for (field, value) in zip(fields, values) {
      if let field { table.set(field, value) }
    }
    if keyCount(line) > keyOrder.count { table.hasDuplicateKey = true }
    return true
  }
}

extension Repair {
  /// A key's place: where the comma or brace before it stands, and where its value begins.
  private struct Place: Equatable {
    var comma: Int
    var value: Int
  }

  /// The keys' places, if there is exactly one way.
  private func places(_ line: Span<UInt8>) -> [Place]? {
    var first: [Place] = []
    var from = 0
    for index in keyOrder.indices {
      guard let place = nextPlace(of: index, line, from: from) else { return nil }
      first.append(place)
      from = place.value
    }
    var last = first
    var end = line.count
    for index in keyOrder.indices.reversed() {
      guard let place = lastPlace(of: index, line, before: end) else { return nil }
      last[index] = place
      end = place.comma
    }
    return first == last ? first : nil
  }

  private func nextPlace(of index: Int, _ line: Span<UInt8>, from: Int) -> Place? {
    var position = from
    while let quote = line.first(0x22, from: position, to: line.count) {
      if let place = place(of: index, line, quote: quote) { return place }
      if index == 0 { return nil }
      position = quote + 1
    }
    return nil
  }

  private func lastPlace(of index: Int, _ line: Span<UInt8>, before: Int) -> Place? {
    var quote = before
    while quote > 0 {
      quote -= 1
      if line[quote] == 0x22, let place = place(of: index, line, quote: quote) { return place }
    }
    return nil
  }

  /// The place of key `index` if it stands at `quote` as a member's key does: behind a comma that a value ends
  /// before, or, the first, behind the opening brace.
  private func place(of index: Int, _ line: Span<UInt8>, quote: Int) -> Place? {
    guard line.holds(keyOrder[index], at: quote) else { return nil }
    var comma = quote - 1
    while comma > 0, line[comma] == 0x20 { comma -= 1 }
    guard comma >= 0, line[comma] == (index == 0 ? 0x7B : 0x2C) else { return nil }
    if index == 0, JSONWalk.skipSpace(line, from: 0) != comma { return nil }
    return Place(comma: comma, value: JSONWalk.skipSpace(line, from: quote + keyOrder[index].count))
  }

  /// Where the closing brace stands that ends the line; the line's start where none does.
  private func endOfObject(_ line: Span<UInt8>) -> Int {
    let end = line.trimmedEnd(line.count)
    return end > 0 && line[end - 1] == 0x7D ? end - 1 : 0
  }

  /// The value between `start` and the comma or brace at `end`.
  private func value(_ line: Span<UInt8>, _ start: Int, _ end: Int, isBroken: inout Bool) -> FieldSlice? {
    let end = line.trimmedEnd(end)
    guard start < end else { return nil }
    guard line[start] == 0x22 else { return scalar(line, start..<end) }
    guard end - start >= 2, line[end - 1] == 0x22 else { return nil }
    for index in start + 1..<end - 1 {
      let byte = line[index]
      if byte == 0x22 || byte == 0x5C { isBroken = true }
      if byte < 0x20, byte != 0x09 { return nil }
    }
    return FieldSlice(start: start + 1, count: end - start - 2, kind: .text)
  }

  /// A number, null, true or false; nothing else stands bare in a template's line.
  private func scalar(_ line: Span<UInt8>, _ range: Range<Int>) -> FieldSlice? {
    let text = line.extracting(range)
    if text.isEqual(to: "null") {
      return FieldSlice(start: range.lowerBound, count: range.count, kind: .null)
    }
    if text.isEqual(to: "true") || text.isEqual(to: "false") {
      return FieldSlice(start: range.lowerBound, count: range.count, kind: .other)
    }
    if range.count == 1, text[0] == 0x2D { return FieldSlice(start: range.lowerBound, count: 1, kind: .text) }
    for index in text.indices {
      let byte = text[index]
      guard byte.isDigit || byte == 0x2E || (byte == 0x2D && index == 0) else { return nil }
    }
    return FieldSlice(start: range.lowerBound, count: range.count, kind: .number)
  }

  /// How often any of the line's keys stands where a key may.
  private func keyCount(_ line: Span<UInt8>) -> Int {
    var count = 0
    var position = 0
    while let quote = line.first(0x22, from: position, to: line.count) {
      position = quote + 1
      for index in keyOrder.indices where place(of: index, line, quote: quote) != nil {
        count += 1
        break
      }
    }
    return count
  }
}
