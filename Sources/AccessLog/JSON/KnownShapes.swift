/// The shapes of an input's last good lines, newest first.
///
/// To learn a shape costs as much as some ten lines. So a shape that is new is learned at once only while shapes that
/// were learned so are found again; beyond that its line is kept as it is, and its shape learned when its key order
/// comes a second time. Of shuffled keys nothing is learned, and each line costs one copy.
struct KnownShapes {
  @safe
  private struct Known {
    /// Equal for lines with the same keys in the same order.
    var orderHash: UInt64
    /// Nil until it is learned; until then `line` and `order` say what there is to learn.
    var shape: LineShape? { didSet { unsafe view = shape?.view ?? LineShape.View.none } }
    private(set) var view = unsafe LineShape.View.none
    var line: [UInt8] = []
    var order = KeyOrder()
    /// A line was found to have it.
    var isProven = false
  }

  /// How many there are: a stream of several proxies' formats, each at its own prediction.
  private static let maximum = 4
  /// Shapes that may be learned at first sight before one of them has to be found again.
  private static let credit = 8

  private var known: [Known] = []
  private var credit = KnownShapes.credit

  var count: Int { known.count }

  /// Scans a line by one of the shapes, newest first; false where it has none of them.
  @inline(__always)
  mutating func scan(_ line: PaddedBytes, into fields: inout FieldTable) -> Bool {
    for index in 0..<known.count {
      // Safe: the shape lives as long as its entry, which nothing changes meanwhile.
      guard unsafe PredictedScan.scan(line, known[index].view, into: &fields) else { continue }
      if index > 0 || !known[index].isProven { prove(index) }
      return true
    }
    return false
  }

  /// Puts a shape first that was found again.
  private mutating func prove(_ index: Int) {
    if !known[index].isProven {
      known[index].isProven = true
      credit = min(credit + 1, KnownShapes.credit)
    }
    known.swapAt(0, index)
  }

  /// Takes note of a good line's keys. `order` is swapped for another one, to be used again.
  mutating func remember(_ order: inout KeyOrder, of line: PaddedBytes) {
    guard order.isTight, !order.keys.isEmpty else { return }
    let index = known.firstIndex { $0.orderHash == order.hash }
    if let index, known[index].shape == nil { known[index].shape = LineShape(order.keys, of: line) }
    if let index, order.isPredictable { return prove(index) }
    let shape = index.flatMap { known[$0].shape } ?? shapeAtFirstSight(order, of: line)
    var new = known.count == KnownShapes.maximum ? known.removeLast() : unsafe Known(orderHash: 0)
    new.orderHash = order.hash
    new.isProven = index != nil
    new.shape = shape
    if shape == nil {
      new.line.removeAll(keepingCapacity: true)
      unsafe new.line.append(contentsOf: line.bytes(0..<line.count))
      swap(&new.order, &order)
    }
    known.insert(new, at: 0)
  }

  private mutating func shapeAtFirstSight(_ order: KeyOrder, of line: PaddedBytes) -> LineShape? {
    guard credit > 0 else { return nil }
    credit -= 1
    return LineShape(order.keys, of: line)
  }

  /// The key sequences, newest first, each key as `"key":`.
  var keyOrders: [[[UInt8]]] {
    known.map { known in
      known.shape?.keys ?? PaddedBytes.withCopy(of: known.line) { known.order.texts(in: $0) }
    }
  }
}
