/// The shapes of an input's last good lines, newest first.
///
/// To learn a shape costs as much as some ten lines. So a shape that is new is learned at once only while shapes that
/// were learned so are found again; beyond that its line is kept as it is, and its shape learned when its key order
/// comes a second time. Of shuffled keys nothing is learned, and each line costs one copy.
struct KnownShapes {
  @safe
  private struct Known {
    /// Equal for lines with the same keys in the same order.
    let orderHash: UInt64
    let shape: LineShape
    private(set) var view: LineShape.View
    /// Lines until the shape is to see one again.
    var linesUntilWatched = 1
    /// A line was found to have it.
    var isProven = false

    init(_ orderHash: UInt64, _ shape: LineShape) {
      self.orderHash = orderHash
      self.shape = shape
      unsafe view = shape.view
    }

    /// Takes over what the shape has learned.
    mutating func refresh() { unsafe view = shape.view }
  }

  /// A line whose key order was seen once, and what there is to learn of it.
  private struct Sighting {
    var line: [UInt8] = []
    var order = KeyOrder()
  }

  /// How many there are: a stream of several proxies' formats, each at its own prediction.
  private static let maximum = 4
  /// Shapes that may be learned at first sight before one of them has to be found again.
  private static let credit = 8

  private var known: [Known] = []
  /// A ring: the newest takes the place of the oldest.
  private var sightings: [Sighting] = []
  private var oldest = 0
  private var credit = KnownShapes.credit
  private var shapesMade: UInt32 = 0

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
    guard unsafe PredictedScan.scan(line, known[index].shape.plain, into: &fields) else { return false }
    known[index].shape.miss(line)
    known[index].refresh()
    return prove(index, by: line)
  }

  @inline(never)
  private mutating func watch(_ line: PaddedBytes, _ index: Int) {
    known[index].linesUntilWatched = known[index].shape.watch(line)
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

  /// Takes note of a good line's keys. `order` may be swapped for another one, to be used again.
  mutating func remember(_ order: inout KeyOrder, of line: PaddedBytes) {
    guard order.isTight, !order.keys.isEmpty else { return }
    let hash = order.hash
    if let index = known.firstIndex(where: { $0.orderHash == hash }) {
      meetAgain(index, order)
    } else if let index = sightings.firstIndex(where: { $0.order.hash == hash }) {
      // Should another shape push it out, it has to be seen twice again.
      sightings[index] = Sighting()
      learn(order, of: line)
      meetAgain(0, order)
    } else if credit > 0 {
      credit -= 1
      learn(order, of: line)
    } else {
      keep(&order, of: line)
    }
  }

  /// Lines that cannot be predicted for what is in them bring no credit.
  private mutating func meetAgain(_ index: Int, _ order: KeyOrder) {
    if !order.isPredictable { known[index].isProven = true }
    prove(index)
  }

  private mutating func learn(_ order: KeyOrder, of line: PaddedBytes) {
    shapesMade &+= 1
    if known.count == KnownShapes.maximum {
      // One that no line was found to have since, sooner than one that some had.
      known.remove(at: known.lastIndex { !$0.isProven } ?? known.count - 1)
    }
    known.insert(Known(order.hash, LineShape(order.keys, of: line, number: shapesMade)), at: 0)
  }

  private mutating func keep(_ order: inout KeyOrder, of line: PaddedBytes) {
    // Nothing was found of what was learned at first sight: each line would be compared with it in vain.
    if oldest == 0 { known.removeAll { !$0.isProven } }
    if sightings.count < KnownShapes.maximum {
      oldest = sightings.count
      sightings.append(Sighting())
    }
    sightings[oldest].line.removeAll(keepingCapacity: true)
    unsafe sightings[oldest].line.append(contentsOf: line.bytes(0..<line.count))
    swap(&sightings[oldest].order, &order)
    oldest = (oldest + 1) % KnownShapes.maximum
  }

  /// The key sequences, newest first, each key as `"key":`; those that were seen once come last.
  var keyOrders: [[[UInt8]]] {
    let first = sightings.count < KnownShapes.maximum ? 0 : oldest
    let once = (sightings[first...] + sightings[..<first]).reversed().filter { !$0.order.keys.isEmpty }
    return known.map(\.shape.keys)
      + once.map { seen in PaddedBytes.withCopy(of: seen.line) { seen.order.texts(in: $0) } }
  }
}
