/// The keys of one source's lines, in their order: what the next line will look like.
///
/// Envoy writes the keys of one format in one order and without spaces, so the text between two values is known
/// before it is read. A shape is learned from a line that the full scanner accepted.
@safe
final class LineShape {
  /// Up to 32 bytes of `{"first":` or `,"next":`, and where the value behind them goes.
  struct Piece {
    /// Zeros behind the text's end. First in the piece: its address is the piece's.
    var text: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// One bit for each of these bytes that belongs to the text, the first one lowest.
    var needed: UInt32
    var length: Int32
    /// The value's place in the field table; `FieldTable.nowhere` for a key that names no field, or one that an
    /// earlier key names already; `goesOn` where no value follows, but more of the same key.
    var place: Int32
    /// How many bytes the value took in the last line that was scanned, its quotes included.
    var expected: Int32 = 0

    static let goesOn: Int32 = -1
  }

  /// What the scan reads, free of reference counts; valid as long as the shape is.
  @unsafe
  struct View {
    var pieces: UnsafeMutableBufferPointer<Piece>
    /// The keys that name a field, a set bit for each, and how many they are.
    var present: UInt64 = 0
    var recognised = 0
    /// A field has two keys in this shape: every line of it is flagged.
    var hasDuplicateKey = false

    /// That of no line.
    static var none: View { unsafe View(pieces: UnsafeMutableBufferPointer(start: nil, count: 0)) }
  }

  /// Keys in a line beyond which no shape is learned: a hostile line must not make every later line slow.
  static let maximumKeys = 96

  let view: View

  init(_ keys: [KeyOrder.Key], of line: PaddedBytes) {
    var pieces: [Piece] = []
    var view = unsafe View.none
    for key in keys {
      LineShape.append(line.slice(key.range), place: unsafe LineShape.place(key.field, &view), to: &pieces)
    }
    let storage = UnsafeMutableBufferPointer<Piece>.allocate(capacity: pieces.count)
    _ = unsafe storage.initialize(from: pieces)
    unsafe view.pieces = storage
    unsafe self.view = view
  }

  deinit { unsafe view.pieces.deallocate() }

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

  private static func append(_ literal: PaddedBytes, place: Int32, to pieces: inout [Piece]) {
    var start = 0
    while start < literal.count {
      let text = literal.slice(start..<min(start + 32, literal.count))
      start += text.count
      pieces.append(
        Piece(
          text: (text.tail(0), text.tail(8), text.tail(16), text.tail(24)),
          needed: text.count == 32 ? ~0 : (1 << UInt32(text.count)) - 1, length: Int32(text.count),
          place: start == literal.count ? place : Piece.goesOn))
    }
  }

  /// The keys as they stand in a line, `"key":` each.
  var keys: [[UInt8]] {
    var keys: [[UInt8]] = []
    var key: [UInt8] = []
    for index in unsafe 0..<view.pieces.count {
      let piece = unsafe view.pieces[index]
      let words = [piece.text.0, piece.text.1, piece.text.2, piece.text.3]
      let bytes = words.flatMap { word in
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 << 3)) }
      }
      key += bytes.prefix(Int(piece.length))
      guard piece.place != Piece.goesOn else { continue }
      keys.append(Array(key.dropFirst()))
      key = []
    }
    return keys
  }
}
