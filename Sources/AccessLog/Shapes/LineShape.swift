/// The keys of one source's lines, in their order, and the values that have been the same for long: what the next line
/// will look like.
///
/// Envoy writes the keys of one format in one order and without spaces, so the text between two values is known
/// before it is read. A shape is learned from a line that the full scanner accepted.
@safe
final class LineShape {
  /// Up to 32 bytes of `{"first":` or `,"next":`, of the steady values between them, and where the value behind them
  /// goes.
  struct Piece {
    /// Zeros behind the text's end. First in the piece: its address is the piece's.
    var text: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// One bit for each of these bytes that belongs to the text, the first one lowest.
    var needed: UInt32
    var length: Int32
    /// The value's place in the field table; `FieldTable.nowhere` for a key that names no field, or one that an
    /// earlier key names already; `goesOn` where no value follows, but more text or the line's end.
    var place: Int32
    /// How many bytes the value took in the last line that was scanned, its quotes included; `varies` where that says
    /// nothing of the next line.
    var expected: Int32 = 0
    /// How many steady values stand in the text that ends here.
    var steady: Int32 = 0

    static let goesOn: Int32 = -1
    static let varies = -1
  }

  /// A value that is part of the text.
  struct Steady {
    /// Its place in the field table.
    var place: Int32
    /// From where it begins, quotes left out, to the end of the text that it stands in.
    var back: Int32
    var count: Int32
    var kind: FieldSlice.Kind
  }

  /// What the scan reads, free of reference counts; valid until the shape changes or goes.
  @unsafe
  struct View {
    var pieces: UnsafeMutableBufferPointer<Piece>
    var steady: UnsafeMutablePointer<Steady>?
    /// The keys that name a field, a set bit for each, and how many they are.
    var present: UInt64 = 0
    var recognised = 0
    /// A field has two keys in this shape: every line of it is flagged.
    var hasDuplicateKey = false
    /// The fields that are steady, a set bit for each.
    var steadyFields: UInt64 = 0
    /// Lines of one scanner with the same number have the same steady values; 0 in `plain`.
    var layout: UInt64 = 0
    /// See `PlainHead`.
    var hasPlainHead = false

    /// That of no line.
    static var none: View { unsafe View(pieces: UnsafeMutableBufferPointer(start: nil, count: 0)) }
  }

  /// Keys in a line beyond which no shape is learned: a hostile line must not make every later line slow.
  static let maximumKeys = 96

  private struct Key {
    /// `{"first":` or `,"next":`
    var text: [UInt8]
    var place: Int32
  }

  private let shapeKeys: [Key]
  /// Of the keys' texts.
  private let lengths: [Int]
  // Safe: the shape alone owns what its two views point to. Storage goes with the shape, or when `useValues` makes
  // other storage; `layout` tells whether `view` has storage of its own or that of `plain`.
  /// The keys alone.
  let plain: View
  /// With what is known of the values; the same as `plain` until something is.
  private(set) var view: View
  private var values = SteadyValues()
  private let number: UInt64
  private var layouts: UInt64 = 0

  /// `number`: another one than that of the scanner's other shapes.
  init(_ keys: [KeyOrder.Key], of line: PaddedBytes, number: UInt32) {
    var view = unsafe View.none
    shapeKeys = keys.map { key in
      Key(text: line.slice(key.range).copy, place: unsafe LineShape.place(key.field, &view))
    }
    lengths = shapeKeys.map(\.text.count)
    unsafe view.hasPlainHead = PlainHead.isAt(line, KeyTable.standard)
    var text = ShapeText()
    for key in shapeKeys { text.add(key.text, valueAt: key.place) }
    unsafe text.store(in: &view)
    unsafe plain = view
    unsafe self.view = view
    self.number = UInt64(number) << 32
  }

  deinit {
    if unsafe view.layout != plain.layout { unsafe LineShape.deallocate(view) }
    unsafe LineShape.deallocate(plain)
  }

  private static func deallocate(_ view: View) {
    unsafe view.pieces.deallocate()
    unsafe view.steady?.deallocate()
  }

  private static func place(_ field: Field?, _ view: inout View) -> Int32 {
    guard let field else { return Int32(FieldTable.nowhere) }
    let bit: UInt64 = 1 << UInt64(field.rawValue)
    guard unsafe view.present & bit == 0 else {
      unsafe view.hasDuplicateKey = true
      return Int32(FieldTable.nowhere)
    }
    unsafe view.present |= bit
    unsafe view.recognised += 1
    return Int32(field.rawValue)
  }

  /// The keys as they stand in a line, `"key":` each.
  var keys: [[UInt8]] { shapeKeys.map { Array($0.text.dropFirst()) } }

  /// Takes note of the values of a line that has this shape, and by that changes `view`. How many lines may pass until
  /// it should be called again.
  func watch(_ line: PaddedBytes) -> Int {
    guard let found = PredictedScan.values(of: line, keys: lengths) else { return SteadyValues.term }
    if values.watch(found, in: line) { useValues() }
    return values.linesUntilNext
  }

  /// Takes note of a line that has this shape, but other values where they were steady, and by that changes `view`. Values
  /// that this line contradicts are steady no more.
  func miss(_ line: PaddedBytes) {
    guard let found = PredictedScan.values(of: line, keys: lengths) else { return }
    values.dropOthers(than: found, in: line)
    useValues()
  }

  private func useValues() {
    if unsafe view.layout != plain.layout { unsafe LineShape.deallocate(view) }
    unsafe view = plain
    var text = ShapeText()
    for (index, key) in shapeKeys.enumerated() {
      if let value = values.steady[index] {
        text.add(key.text, steady: value, at: key.place)
      } else {
        text.add(key.text, valueAt: key.place, varies: values.varies[index])
      }
    }
    text.end()
    unsafe text.store(in: &view)
    layouts += 1
    unsafe view.layout = number | layouts
  }
}

/// Puts together what a shape compares with.
private struct ShapeText {
  private var pieces: [LineShape.Piece] = []
  private var steady: [LineShape.Steady] = []
  private var fields: UInt64 = 0
  /// The text since the last value that is not steady, and where the steady values in it begin.
  private var run: [UInt8] = []
  private var inRun: [(value: LineShape.Steady, start: Int)] = []

  mutating func add(_ key: [UInt8], valueAt place: Int32, varies: Bool = false) {
    run += key
    end(place)
    if varies { pieces[pieces.count - 1].expected = Int32(LineShape.Piece.varies) }
  }

  mutating func add(_ key: [UInt8], steady value: SteadyValues.Value, at place: Int32) {
    run += key
    if place != FieldTable.nowhere {
      let quotes = value.kind == .text ? 2 : 0
      let steady = LineShape.Steady(
        place: place, back: 0, count: Int32(value.bytes.count - quotes), kind: value.kind)
      inRun.append((steady, run.count + quotes / 2))
      fields |= 1 << UInt64(place)
    }
    run += value.bytes
  }

  /// Ends the text that goes up to a value, or up to the line's end.
  mutating func end(_ place: Int32 = LineShape.Piece.goesOn) {
    PaddedBytes.withCopy(of: run) { run in
      for start in stride(from: 0, to: run.count, by: 32) {
        let text = run.slice(start..<min(start + 32, run.count))
        let isLast = start + text.count == run.count
        pieces.append(
          LineShape.Piece(
            text: (text.tail(0), text.tail(8), text.tail(16), text.tail(24)),
            needed: text.count == 32 ? ~0 : (1 << UInt32(text.count)) - 1, length: Int32(text.count),
            place: isLast ? place : LineShape.Piece.goesOn, steady: isLast ? Int32(inRun.count) : 0))
      }
    }
    steady += inRun.map { value, start in
      var value = value
      value.back = Int32(run.count - start)
      return value
    }
    run = []
    inRun = []
  }

  /// Gives a view storage of its own with this text.
  func store(in view: inout LineShape.View) {
    let storage = UnsafeMutableBufferPointer<LineShape.Piece>.allocate(capacity: pieces.count)
    // Safe: as many elements are allocated as there are, and all of them are set; the shape deallocates them.
    _ = unsafe storage.initialize(from: pieces)
    unsafe view.pieces = storage
    unsafe view.steadyFields = fields
    guard !steady.isEmpty else { return }
    let values = UnsafeMutableBufferPointer<LineShape.Steady>.allocate(capacity: steady.count)
    _ = unsafe values.initialize(from: steady)
    unsafe view.steady = values.baseAddress
  }
}
