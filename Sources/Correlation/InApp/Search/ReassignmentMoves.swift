/// Improves a division of calls among requests: every call in turn is offered every other place it could have.
///
/// The places are: another request, or a lost one of its own; the place of a call of the same kind, which takes
/// this one's; and, as a block, this call with all later ones of its request, against the later ones of the other.
/// Without a draw the best is taken; with one each with its probability, so that over many sweeps the share of a
/// place is its posterior probability (Gibbs sampling).
struct ReassignmentMoves {
  private enum Kind {
    case stay, move, swap, tail
  }

  private struct Option {
    var kind: Kind
    var request: Int32
    /// The call that a swap sends the other way.
    var other: Int32 = -1
    var gain: Float = 0
    /// Place of the call's new request among its candidates; -1 for a lost one.
    var slot: Int32
    /// Likelihoods of the two requests after it.
    var ownScore: Float = 0
    var otherScore: Float = 0
  }

  /// Requests with more calls are left as they are: every move costs as much as the request has calls.
  static let sizeLimit: Int32 = 96
  /// Weights of the places that their calls were not tried in, against 1 for where they are.
  private static let untriedOther: Float = 0.5
  private static let untriedNone: Float = 0.1

  private var options: [Option] = []
  private var own: [Int32] = []
  private var others: [Int32] = []
  private var newOwn: [Int32] = []
  private var newOthers: [Int32] = []
  private var lost: [Int32] = []
  private var current = 0
  /// Likelihood of the call's request without it, and how much less that is.
  private var scoreWithout: Float = 0
  private var loss: Float = 0

  /// Offers one call its places. `beliefs` takes the probability of each.
  ///
  /// A `draw` of 0 ..< 1 decides among the places by their probability; nil takes the best.
  ///
  /// - Returns: the probability that the call stays where it is.
  mutating func visit(_ call: Int, _ state: inout CallAssignment, draw: Float?, _ beliefs: inout Beliefs)
    -> Float
  {
    current = Int(state.parent[call])
    guard state.size[current] <= Self.sizeLimit else {
      believe(call, state, &beliefs)
      return 1
    }
    collect(call, &state)
    let best = options.reduce(Float(0)) { max($0, $1.gain) }
    var total: Float = 0
    for index in options.indices { total += Float.exp(options[index].gain - best) }
    for option in options { beliefs.add(call, slot: option.slot, Float.exp(option.gain - best) / total) }
    let staying = Float.exp(options[0].gain - best) / total
    apply(choose(draw.map { $0 * total }, best: best), call, &state)
    return staying
  }

  /// What to say of a call that is not moved: where it is, or as well in another of its candidates.
  private func believe(_ call: Int, _ state: borrowing CallAssignment, _ beliefs: inout Beliefs) {
    var isPlaced = false
    for (slot, place) in state.problem.candidateRange(call).enumerated() {
      let isHere = state.problem.candidates[place] == Int32(current)
      beliefs.add(call, slot: Int32(slot), isHere ? 1 : Self.untriedOther)
      isPlaced = isPlaced || isHere
    }
    beliefs.add(call, slot: -1, isPlaced ? Self.untriedNone : 1)
  }

  private func choose(_ draw: Float?, best: Float) -> Option {
    var rest = draw ?? 0
    for option in options {
      if draw == nil {
        if option.gain == best { return option }
      } else {
        rest -= Float.exp(option.gain - best)
        if rest < 0 { return option }
      }
    }
    return options[0]
  }

  private mutating func collect(_ call: Int, _ state: inout CallAssignment) {
    options.removeAll(keepingCapacity: true)
    state.gather(current, into: &own)
    Self.remove(Int32(call), from: own, &newOwn)
    scoreWithout = state.likelihood(current, newOwn)
    loss = scoreWithout - state.score[current]
    let range = state.problem.candidateRange(call)
    options.append(Option(kind: .stay, request: Int32(current), slot: -1))
    for place in range {
      let request = Int(state.problem.candidates[place])
      if request == current {
        options[0].slot = Int32(place - range.lowerBound)
      } else {
        offer(call, request, slot: Int32(place - range.lowerBound), &state)
      }
    }
    state.lostNearby(call, into: &lost)
    for request in lost { offer(call, Int(request), slot: -1, &state) }
    if !(state.isLost(current) && own.count == 1) {
      others.removeAll(keepingCapacity: true)
      offerMove(call, state.lostRequest(call), slot: -1, &state)
    }
  }

  private mutating func offer(_ call: Int, _ request: Int, slot: Int32, _ state: inout CallAssignment) {
    guard state.size[request] <= Self.sizeLimit else { return }
    state.gather(request, into: &others)
    offerMove(call, request, slot: slot, &state)
    offerSwaps(call, request, slot: slot, &state)
    offerTail(call, request, slot: slot, &state)
  }

  private mutating func offerMove(_ call: Int, _ request: Int, slot: Int32, _ state: inout CallAssignment) {
    Self.insert(Int32(call), into: others, &newOthers)
    let score = state.likelihood(request, newOthers)
    // A lost request that the call leaves and starts anew in is not two.
    let before = request == current ? 0 : state.score[request]
    options.append(
      Option(
        kind: .move, request: Int32(request), gain: score - before + loss, slot: slot, ownScore: scoreWithout,
        otherScore: score))
  }

  /// Offers the places of the calls of the same kind that are next to this one in time, before and after.
  private mutating func offerSwaps(_ call: Int, _ request: Int, slot: Int32, _ state: inout CallAssignment) {
    let type = state.problem.callType[call]
    var before: Int32 = -1
    var after: Int32 = -1
    for other in others where state.problem.callType[Int(other)] == type && after < 0 {
      if other < call { before = other } else { after = other }
    }
    if before >= 0 { offerSwap(call, before, request, slot: slot, &state) }
    if after >= 0 { offerSwap(call, after, request, slot: slot, &state) }
  }

  private mutating func offerSwap(
    _ call: Int, _ other: Int32, _ request: Int, slot: Int32, _ state: inout CallAssignment
  ) {
    guard state.isFree(Int(other), for: current) else { return }
    exchange(Int32(call), other)
    let score = state.likelihood(request, newOthers)
    let ownScore = state.likelihood(current, newOwn)
    options.append(
      Option(
        kind: .swap, request: Int32(request), other: other,
        gain: score - state.score[request] + ownScore - state.score[current], slot: slot,
        ownScore: ownScore, otherScore: score))
  }

  private mutating func offerTail(_ call: Int, _ request: Int, slot: Int32, _ state: inout CallAssignment) {
    guard crossTails(call, request, state) else { return }
    let ownScore = state.likelihood(current, newOwn)
    let score = state.likelihood(request, newOthers)
    let gain = ownScore - state.score[current] + score - state.score[request]
    options.append(
      Option(
        kind: .tail, request: Int32(request), gain: gain, slot: slot, ownScore: ownScore, otherScore: score))
  }

  /// Fills `newOwn` and `newOthers` with the tails from `call` on exchanged; false where that is not allowed, or is
  /// a plain move or swap.
  private mutating func crossTails(_ call: Int, _ request: Int, _ state: borrowing CallAssignment) -> Bool {
    let ownTail = own.drop { $0 < call }
    let otherTail = others.drop { $0 < call }
    if ownTail.count == 1 {
      guard let other = otherTail.first else { return false }
      let isSwap = state.problem.callType[Int(other)] == state.problem.callType[call]
      if isSwap, otherTail.count == 1 { return false }
    }
    newOwn.removeAll(keepingCapacity: true)
    newOthers.removeAll(keepingCapacity: true)
    for member in others where member < call { newOthers.append(member) }
    for member in own where member < call { newOwn.append(member) }
    for member in otherTail {
      guard state.isFree(Int(member), for: current) else { return false }
      newOwn.append(member)
    }
    for member in ownTail {
      guard state.isFree(Int(member), for: request) else { return false }
      newOthers.append(member)
    }
    return true
  }

  private mutating func apply(_ option: Option, _ call: Int, _ state: inout CallAssignment) {
    let request = Int(option.request)
    switch option.kind {
    case .stay: return
    case .move:
      if request == current { others.removeAll() } else { state.gather(request, into: &others) }
      Self.remove(Int32(call), from: own, &newOwn)
      Self.insert(Int32(call), into: others, &newOthers)
    case .swap:
      state.gather(request, into: &others)
      exchange(Int32(call), option.other)
    case .tail:
      state.gather(request, into: &others)
      guard crossTails(call, request, state) else { return }
    }
    state.exchange(current, newOwn, option.ownScore, with: request, newOthers, option.otherScore)
  }

  /// Fills `newOwn` and `newOthers` with the two calls in each other's place.
  private mutating func exchange(_ call: Int32, _ other: Int32) {
    Self.remove(call, from: own, &newOthers)
    Self.insert(other, into: newOthers, &newOwn)
    var rest = others
    rest.removeAll { $0 == other }
    Self.insert(call, into: rest, &newOthers)
  }

  @inline(__always)
  private static func remove(_ call: Int32, from list: [Int32], _ result: inout [Int32]) {
    result.removeAll(keepingCapacity: true)
    for member in list where member != call { result.append(member) }
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
