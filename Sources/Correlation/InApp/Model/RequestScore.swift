/// Adds up the log likelihood of a request's events.
struct RequestScore: RequestVisitor {
  let model: RequestModel
  var sum: Float = 0
  /// The calls that the request has made so far.
  private var node = CompositionTree.unknown

  init(model: RequestModel) { self.model = model }

  @inline(__always)
  mutating func begin(type: Int) { node = Int32(type) }

  @inline(__always)
  mutating func act(type: Int, event: Int, state: Int, act: Int, gap: Int64) {
    let shape = model.shape
    sum += model.logChance(type: type, event: event, state: state, node: node, outcome: act)
    if act < shape.callTypes { node = model.tree.follow(node, act) }
    sum += model.logDensity[shape.gapRow(type: type, event: event, act: act), shape.bins.bin(gap)]
  }

  @inline(__always)
  mutating func wait(type: Int, event: Int, state: Int) {
    sum += model.logChance(type: type, event: event, state: state, node: node, outcome: model.shape.waits)
  }

  @inline(__always)
  func lostType(act: Int) -> Int { Int(model.lostType[act]) }

  @inline(__always)
  mutating func lostStart(act: Int) {
    sum += model.logOrphan[act]
    node = model.tree.follow(node, act)
  }

  @inline(__always)
  mutating func lostEnd(type: Int, event: Int, state: Int) {
    sum += model.logChance(
      type: type, event: event, state: state, node: node, outcome: model.shape.requestEnds)
  }
}
