internal import AccessLog
internal import TraceStore

/// Finds hops by whatever an output shows of them: an id as it was logged or as it is escaped, a trace's id, a log and
/// line, a start, a key.
struct HopLookup {
  private let reader: StoreReader

  init(_ reader: StoreReader) { self.reader = reader }

  /// - Returns: keys of hops, in their order; the first of: hops that have just this id, hops that one id begins with it,
  ///   hops that it says the place, start or key of, first hops of traces that are shown under it. None where there is none.
  /// - Throws: `TraceLookupError`, `ambiguous`; `StoreError`
  func hops(_ text: String) throws -> [Int64] {
    let spellings = HopLookup.spellings(text)
    var beginnings: [IdentifierMatch] = []
    for spelling in spellings {
      let matches = try reader.hops(withIdentifier: spelling)
      let exact = matches.filter { HopLookup.isSame($0.identifier, spelling) }
      // A client may choose the name of a log and line for an id: what is there is meant, too.
      if !exact.isEmpty { return HopLookup.keys(exact.map(\.hop) + (try hops(atPlace: spelling))) }
      beginnings += matches
    }
    try HopLookup.checkUnambiguous(text, beginnings.map(\.identifier))
    if !beginnings.isEmpty { return HopLookup.keys(beginnings.map(\.hop)) }
    for spelling in spellings {
      let places = try hops(atPlace: spelling)
      if !places.isEmpty { return HopLookup.keys(places) }
    }
    return try hopsByNumber(text)
  }

  /// What may be meant by a text: itself, or what outputs escape so. As it stands it comes first.
  private static func spellings(_ text: String) -> [String] {
    // CSV has an apostrophe before what a spreadsheet would run.
    let plain = text.hasPrefix("'") ? [text, String(text.dropFirst())] : [text]
    return plain.flatMap { [$0, Shown.unescaped($0)] }.reduce(into: []) { list, spelling in
      if !list.contains(spelling) { list.append(spelling) }
    }
  }

  /// A UUID and the trace id made of it are one.
  static func digits(_ id: String) -> String { id.lowercased().replacing("-", with: "") }

  /// Whether an id is the whole of what was asked for, and not only begins with it.
  private static func isSame(_ id: String, _ asked: String) -> Bool {
    id == asked || (digits(asked).utf8.count == 32 && digits(id) == digits(asked))
  }

  private static func checkUnambiguous(_ text: String, _ ids: [String]) throws {
    guard Set(ids.map(digits)).count > 1 else { return }
    let candidates = Set(ids).sorted().prefix(shownCandidates)
    throw TraceLookupError.ambiguous(id: text, candidates: Array(candidates))
  }

  /// Candidates that an error names.
  private static let shownCandidates = 5

  private static func keys(_ hops: [Int64]) -> [Int64] { Set(hops).sorted() }

  /// `log:line`, as links are explained and OTLP has it; or a start, as all forms of `hops` show it.
  private func hops(atPlace text: String) throws -> [Int64] {
    if let colon = text.lastIndex(of: ":"), let line = Int64(text[text.index(after: colon)...]) {
      let hops = try reader.hops(ofLine: line, of: String(text[..<colon]))
      if !hops.isEmpty { return hops }
    }
    guard text.contains("T"), let time = PaddedBytes.withCopy(of: Array(text.utf8), Timestamp.parse) else {
      return []
    }
    let (start, unit) = (time.microseconds, max(1, Int64(time.precisionMicroseconds)))
    return try reader.hops(startingIn: start..<start + unit)
  }

  /// A key as `query` shows it, a span id of OTLP, the made-up id of a trace whose first hop has none.
  private func hopsByNumber(_ text: String) throws -> [Int64] {
    if let key = Int64(text), try reader.hop(id: key) != nil { return [key] }
    let digits = HopLookup.digits(text)
    guard (StoreReader.shortestPrefix...32).contains(digits.utf8.count),
      digits.utf8.allSatisfy(HopLookup.isHex)
    else { return [] }
    if digits.utf8.count == 16, let span = UInt64(digits, radix: 16), span >> 63 == 1 {
      let key = Int64(span & (.max >> 1))
      if try reader.hop(id: key) != nil { return [key] }
    }
    let roots = try reader.roots(withMadeUpID: digits)
    try HopLookup.checkUnambiguous(text, roots.map(\.id))
    return roots.map(\.root)
  }

  static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
