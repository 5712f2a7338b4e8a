internal import AccessLog

/// Takes the objects out of a list as kubectl prints it, `{"items": [{…}, {…}]}`, piece by piece: however long the list is, one
/// object is held.
struct ObjectSplitter {
  /// What is wrong with a list.
  enum Fault: Error { case notAList, tooLong }

  private var depth = 0
  /// The second bracket is an array's: what begins in it is an object of the list.
  private var isInArray = false
  private var isInString = false
  private var isEscaped = false
  private var object: [UInt8] = []
  private var isObject = false
  private var bytes: Int64 = 0
  /// Objects that were too large.
  private(set) var oversize = 0

  /// Whether the list has come to its end; bytes after that are not looked at.
  private(set) var isWhole = false

  /// Hands out the objects that end in this piece.
  mutating func take(_ piece: ArraySlice<UInt8>, _ body: ([UInt8]) -> Void) throws(Fault) {
    bytes += Int64(piece.count)
    guard bytes <= CollectLimits.listBytes else { throw .tooLong }
    for byte in piece where !isWhole { try take(byte, body) }
  }

  private mutating func take(_ byte: UInt8, _ body: ([UInt8]) -> Void) throws(Fault) {
    if depth == 0, byte != UInt8(ascii: "{") {
      if [0x20, 0x09, 0x0A, 0x0D].contains(byte) { return }
      throw .notAList
    }
    if isInString {
      keep(byte)
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return
    }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      depth += 1
      if depth == 2 { isInArray = byte == UInt8(ascii: "[") }
      if depth == 3, isInArray, byte == UInt8(ascii: "{") { begin() }
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      isWhole = depth == 0
      if depth == 2, isObject { return end(byte, body) }
    default: break
    }
    keep(byte)
  }

  private mutating func begin() {
    isObject = true
    object.removeAll(keepingCapacity: true)
  }

  private mutating func keep(_ byte: UInt8) {
    guard isObject, object.count <= CollectLimits.objectBytes else { return }
    object.append(byte)
  }

  private mutating func end(_ byte: UInt8, _ body: ([UInt8]) -> Void) {
    keep(byte)
    isObject = false
    if object.count > CollectLimits.objectBytes { oversize += 1 } else { body(object) }
  }
}
