/// Which calls a request has made so far, whatever their order: nodes of a tree whose ways join again.
///
/// An application makes the same calls for each request of a kind. "Three to reviews and one to ratings so far" is a
/// node, and what happens next there says what "four calls so far" does not: that one to ratings is still to come. Nodes
/// are made while a division is counted (`ModelCounts`), in the order of its requests.
struct CompositionTree {
  private let requestTypes: Int
  private let callTypes: Int
  /// The node after one more call, by (node, call type); `unmade` where nobody went.
  private(set) var next: [Int32]
  /// Calls so far, by (node, call type), and the kind of request.
  private var calls: [[UInt8]]
  private var numbers: [[UInt8]: Int32] = [:]

  /// Beyond so many nodes none is made: requests that hardly ever make the same calls teach nothing here.
  static let nodeLimit = 1024
  /// A node beyond the limit, or that no request came to: what happens there is as good as unknown.
  static let unknown: Int32 = -1
  private static let unmade: Int32 = -2

  /// At first there is a request of each kind without calls: node number `type`.
  init(requestTypes: Int, callTypes: Int) {
    self.requestTypes = requestTypes
    self.callTypes = callTypes
    next = [Int32](repeating: Self.unmade, count: requestTypes * callTypes)
    calls = (0..<requestTypes).map {
      [UInt8(truncatingIfNeeded: $0)] + [UInt8](repeating: 0, count: callTypes)
    }
  }

  var count: Int { calls.count }

  /// The node after a call, which is made if need be.
  mutating func advance(_ node: Int32, _ type: Int) -> Int32 {
    guard node >= 0 else { return Self.unknown }
    let place = Int(node) * callTypes + type
    if next[place] == Self.unmade { next[place] = make(node, type) }
    return next[place]
  }

  private mutating func make(_ node: Int32, _ type: Int) -> Int32 {
    var key = calls[Int(node)]
    guard key[type + 1] < .max else { return Self.unknown }
    key[type + 1] += 1
    if let number = numbers[key] { return number }
    guard count < Self.nodeLimit else { return Self.unknown }
    let number = Int32(count)
    numbers[key] = number
    calls.append(key)
    next.append(contentsOf: repeatElement(Self.unmade, count: callTypes))
    return number
  }

  /// The node after a call, `unknown` where no request of the division came to.
  @inline(__always)
  func follow(_ node: Int32, _ type: Int) -> Int32 {
    node < 0 ? Self.unknown : max(Self.unknown, next[Int(node) * callTypes + type])
  }
}
