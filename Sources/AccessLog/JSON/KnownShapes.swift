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
    var shape: LineShape? { didSet { refresh() } }
    private(set) var view = unsafe LineShape.View.none
    /// Lines until the shape is to see one again.
    var linesUntilWatched = 1
    var line: [UInt8] = []
    var order = KeyOrder()
    /// A line was found to have it.
    var isProven = false

    /// Takes over what the shape has learned.
    mutating func refresh() { unsafe view = shape?.view ?? LineShape.View.none }
  }

  /// How many there are: a stream of several proxies' formats, each at its own prediction.
  private static let maximum = 4
  /// Shapes that may be learned at first sight before one of them has to be found again.
  private static let credit = 8

  private var known: [Known] = []
  private var credit = KnownShapes.credit
  private var shapesMade: UInt32 = 0

  var count: Int { known.count }

  /// Scans a line by one of the shapes, newest first; false where it has none of them. `plainHead`: only by those whose
  /// lines have a plain head (`PlainHead`).
  @inline(__always)
  mutating func scan(_ line: PaddedBytes, plainHead: Bool = false, into fields: inout FieldTable) -> Bool {
    for index in 0..<known.count {
      // Safe: the shape lives as long as its entry, which nothing changes meanwhile.
      if plainHead, unsafe !known[index].view.hasPlainHead { continue }
      guard unsafe PredictedScan.scan(line, known[index].view, into: &fields) else {
        if unsafe known[index].view.layout == 0 { continue }
        if scanWithoutSteadyValues(line, index, into: &fields) { return true }
        continue
      }
      if index > 0 || !known[index].isProven { return prove(index, by: line) }
      known[index].linesUntilWatched &-= 1
      if known[index].linesUntilWatched <= 0 { watch(line, index) }
      return true
    }
    return false
  }

  /// For a line whose steady values may be others.
  @inline(never)
  private mutating func scanWithoutSteadyValues(
    _ line: PaddedBytes, _ index: Int, into fields: inout FieldTable
  ) -> Bool {
    guard let shape = known[index].shape, unsafe PredictedScan.scan(line, shape.plain, into: &fields) else {
      return false
    }
    shape.miss(line)
    known[index].refresh()
    return prove(index, by: line)
  }

  @inline(never)
  private mutating func watch(_ line: PaddedBytes, _ index: Int) {
    guard let shape = known[index].shape else { return }
    known[index].linesUntilWatched = shape.watch(line)
    known[index].refresh()
  }

  /// Puts a shape first that was found again, by a line that has it.
  private mutating func prove(_ index: Int, by line: PaddedBytes) -> Bool {
    prove(index)
    known[0].linesUntilWatched &-= 1
    if known[0].linesUntilWatched <= 0 { watch(line, 0) }
    return true
  }

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
    if let index = known.firstIndex(where: { $0.orderHash == order.hash }) {
      if known[index].shape == nil { known[index].shape = shape(order, of: line) }
      return order.isPredictable ? prove(index) : known.swapAt(0, index)
    }
    let shape = shapeAtFirstSight(order, of: line)
    var new = known.count == KnownShapes.maximum ? known.removeLast() : unsafe Known(orderHash: 0)
    new.orderHash = order.hash
    new.isProven = false
    new.shape = shape
    new.linesUntilWatched = 1
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
    return shape(order, of: line)
  }

  private mutating func shape(_ order: KeyOrder, of line: PaddedBytes) -> LineShape {
    shapesMade &+= 1
    return LineShape(order.keys, of: line, number: shapesMade)
  }

  /// The key sequences, newest first, each key as `"key":`.
  var keyOrders: [[[UInt8]]] {
    known.map { known in
      known.shape?.keys ?? PaddedBytes.withCopy(of: known.line) { known.order.texts(in: $0) }
    }
  }
}
