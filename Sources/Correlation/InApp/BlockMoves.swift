/// Improves a division of calls among requests: every call in turn is offered every other place it could have.
///
/// The places are: another request (or none); the place of a call of the same kind, which takes this one's; and, as
/// a block, this call with all later ones of its request, against the later ones of the other. At temperature 0 the
/// best is taken; at 1 each with its probability, so that over many sweeps the share of a place is its posterior
/// probability (Gibbs sampling).
struct BlockMoves {
  private enum Kind {
    case stay, move, swap, tail, orphan
  }

  private struct Option {
    var kind: Kind
    var request: Int32
    var other: Int32
    var gain: Float
    /// Place of the call's new request among its candidates; -1 for none.
    var slot: Int32
    /// Likelihoods of the two requests after it.
    var ownScore: Float
    var otherScore: Float
  }

  /// Requests with more calls are left as they are: every move costs as much as the request has calls.
  private static let sizeLimit: Int32 = 96

  private var options: [Option] = []
  private var own: [Int32] = []
  private var others: [Int32] = []
  private var newOwn: [Int32] = []
  private var newOthers: [Int32] = []
  private var without: [Int32] = []

  /// Offers one call its places.
  /// - Parameters:
  ///   - draw: 0 ..< 1 decides among the places by their probability; nil takes the best.
  ///   - beliefs: takes the probability of each place.
  mutating func visit(
    _ call: Int, _ state: inout CallAssignment, draw: Float?, _ beliefs: inout Beliefs
  ) {
    let range = state.problem.candidateRange(call)
    let current = Int(state.parent[call])
    if current >= 0, state.size[current] > Self.sizeLimit { return }
    options.removeAll(keepingCapacity: true)
    collect(call, range, current, &state)
    let best = options.reduce(Float(0)) { max($0, $1.gain) }
    var total: Float = 0
    for index in options.indices { total += Float.exp(options[index].gain - best) }
    for option in options { beliefs.add(call, slot: option.slot, Float.exp(option.gain - best) / total) }
    let chosen: Int
    if let draw {
      var rest = draw * total
      chosen =
        options.firstIndex {
          rest -= Float.exp($0.gain - best)
          return rest < 0
        } ?? 0
    } else {
      chosen = options.firstIndex { $0.gain == best } ?? 0
    }
    apply(options[chosen], call, current, &state)
  }

  private mutating func collect(
    _ call: Int, _ range: Range<Int>, _ current: Int, _ state: inout CallAssignment
  ) {
    let orphan = state.model.logOrphan[Int(state.problem.callType[call])]
    var alone: Float = 0  // the change of the request that loses the call
    var aloneScore: Float = 0
    if current >= 0 {
      state.gather(current, into: &own)
      without = own
      without.removeAll { $0 == call }
      aloneScore = state.likelihood(current, without)
      alone = aloneScore - state.score[current]
      add(.orphan, -1, -1, gain: alone + orphan, slot: -1, aloneScore, 0)
    } else {
      alone = -orphan
      add(.stay, -1, -1, gain: 0, slot: -1, 0, 0)
    }
    for place in range {
      let request = Int(state.problem.candidates[place])
      let slot = Int32(place - range.lowerBound)
      if request == current {
        add(.stay, Int32(request), -1, gain: 0, slot: slot, 0, 0)
        continue
      }
      guard state.size[request] <= Self.sizeLimit else { continue }
      state.gather(request, into: &others)
      offerMove(call, request, slot, alone, aloneScore, &state)
      offerSwaps(call, request, slot, current, &state)
      if current >= 0 { offerTail(call, request, slot, current, &state) }
    }
  }

  private mutating func offerMove(
    _ call: Int, _ request: Int, _ slot: Int32, _ alone: Float, _ aloneScore: Float, _ state: inout CallAssignment
  ) {
    Self.insert(Int32(call), into: others, &newOthers)
    let score = state.likelihood(request, newOthers)
    add(.move, Int32(request), -1, gain: score - state.score[request] + alone, slot: slot, aloneScore, score)
  }

  private mutating func offerSwaps(
    _ call: Int, _ request: Int, _ slot: Int32, _ current: Int, _ state: inout CallAssignment
  ) {
    for other in others where state.problem.callType[Int(other)] == state.problem.callType[call] {
      guard isFree(Int(other), for: current, state) else { continue }
      newOthers.removeAll(keepingCapacity: true)
      without.removeAll(keepingCapacity: true)
      for member in others where member != other { without.append(member) }
      Self.insert(Int32(call), into: without, &newOthers)
      let score = state.likelihood(request, newOthers)
      var gain = score - state.score[request]
      var ownScore: Float = 0
      if current >= 0 {
        without.removeAll(keepingCapacity: true)
        for member in own where member != call { without.append(member) }
        Self.insert(other, into: without, &newOwn)
        ownScore = state.likelihood(current, newOwn)
        gain += ownScore - state.score[current]
      }
      add(.swap, Int32(request), other, gain: gain, slot: slot, ownScore, score)
    }
  }

  private mutating func offerTail(
    _ call: Int, _ request: Int, _ slot: Int32, _ current: Int, _ state: inout CallAssignment
  ) {
    guard crossTails(call, request, current, state) else { return }
    let ownScore = state.likelihood(current, newOwn)
    let score = state.likelihood(request, newOthers)
    let gain = ownScore - state.score[current] + score - state.score[request]
    add(.tail, Int32(request), -1, gain: gain, slot: slot, ownScore, score)
  }

  /// Fills `newOwn` and `newOthers` with the tails from `call` on exchanged; false where that is not allowed, or is
  /// a plain move or swap.
  private mutating func crossTails(
    _ call: Int, _ request: Int, _ current: Int, _ state: borrowing CallAssignment
  ) -> Bool {
    newOwn.removeAll(keepingCapacity: true)
    newOthers.removeAll(keepingCapacity: true)
    for member in others where member < call { newOthers.append(member) }
    let ownTail = own.drop { $0 < call }
    let otherTail = others.drop { $0 < call }
    let types = state.problem.callType
    if ownTail.count == 1, otherTail.isEmpty { return false }
    if ownTail.count == 1, otherTail.count == 1, let other = otherTail.first, types[Int(other)] == types[call] {
      return false
    }
    for member in own where member < call { newOwn.append(member) }
    for member in otherTail {
      guard isFree(Int(member), for: current, state) else { return false }
      newOwn.append(member)
    }
    for member in ownTail {
      guard isFree(Int(member), for: request, state) else { return false }
      newOthers.append(member)
    }
    return true
  }

  /// Whether no id holds the call where it is, and the request (-1 for none) is among its candidates.
  private func isFree(_ call: Int, for request: Int, _ state: borrowing CallAssignment) -> Bool {
    guard state.problem.given[call] < 0 else { return false }
    if request < 0 { return true }
    for place in state.problem.candidateRange(call)
    where state.problem.candidates[place] == Int32(request) { return true }
    return false
  }

  private mutating func apply(_ option: Option, _ call: Int, _ current: Int, _ state: inout CallAssignment) {
    if option.kind == .stay { return }
    let request = Int(option.request)
    if request >= 0 { state.gather(request, into: &others) }
    if option.kind == .tail {
      guard crossTails(call, request, current, state) else { return }
      state.set(current, calls: newOwn, score: option.ownScore)
      state.set(request, calls: newOthers, score: option.otherScore)
      return
    }
    if current >= 0 {
      own.removeAll { $0 == call }
      if option.kind == .swap { Self.insert(option.other, into: own, &newOwn) } else { newOwn = own }
    }
    if option.kind == .swap, current < 0 { state.orphan(Int(option.other)) }
    if option.kind == .orphan { state.orphan(call) }
    if current >= 0 { state.set(current, calls: newOwn, score: option.ownScore) }
    guard request >= 0 else { return }
    others.removeAll { $0 == option.other }
    Self.insert(Int32(call), into: others, &newOthers)
    state.set(request, calls: newOthers, score: option.otherScore)
  }

  private mutating func add(
    _ kind: Kind, _ request: Int32, _ other: Int32, gain: Float, slot: Int32, _ ownScore: Float,
    _ otherScore: Float
  ) {
    options.append(
      Option(
        kind: kind, request: request, other: other, gain: gain, slot: slot, ownScore: ownScore,
        otherScore: otherScore))
  }

  @inline(__always)
  private static func insert(_ call: Int32, into list: [Int32], _ result: inout [Int32]) {
    result.removeAll(keepingCapacity: true)
    var pending = true
    for member in list {
      if pending, member > call {
        result.append(call)
        pending = false
      }
      result.append(member)
    }
    if pending { result.append(call) }
  }
}
