/// How often what happened next, by the calls that a request had made so far.
struct CompositionCounts {
  private let events: Int
  private let outcomes: Int
  private(set) var tree: CompositionTree
  /// Where the outcomes of (node, calls open, event) begin in `counts`; -1 where nothing was seen.
  private(set) var rows: [Int32] = []
  private(set) var counts: [Float] = []
  /// What each row falls back to: its (request type, event, state) in the tables of `ModelShape`.
  private(set) var fallback: [Int32] = []
  private var node = CompositionTree.unknown

  /// Open calls that are told apart: none, one, more.
  static let openStates = 3

  init(shape: ModelShape) {
    events = shape.events
    outcomes = shape.outcomes
    tree = CompositionTree(requestTypes: shape.requestTypes, callTypes: shape.callTypes)
    growRows()
  }

  /// A request begins.
  @inline(__always)
  mutating func begin(type: Int) { node = Int32(type) }

  /// The request makes a call.
  @inline(__always)
  mutating func advance(_ callType: Int) {
    node = tree.advance(node, callType)
    growRows()
  }

  /// `state` as in `ModelShape`, `coarse` where the outcomes of the event and state begin in the model's tables.
  mutating func add(event: Int, state: Int, outcome: Int, coarse: Int) {
    guard node >= 0 else { return }
    let place = CompositionCounts.place(node: node, state: state, event: event, events: events)
    if rows[place] < 0 {
      rows[place] = Int32(counts.count)
      counts.append(contentsOf: repeatElement(0, count: outcomes))
      fallback.append(Int32(coarse))
    }
    counts[Int(rows[place]) + outcome] += 1
  }

  @inline(__always)
  static func place(node: Int32, state: Int, event: Int, events: Int) -> Int {
    (Int(node) * openStates + state % openStates) * events + event
  }

  private mutating func growRows() {
    let missing = tree.count * CompositionCounts.openStates * events - rows.count
    if missing > 0 { rows.append(contentsOf: repeatElement(-1, count: missing)) }
  }
}
