internal import AccessLog
internal import Correlation

/// What correlation says about a set of hops, by each hop's place in it; -1 where a hop has no such relation.
struct HopRelations {
  /// Of a server hop: the client hop that it answers.
  private(set) var client: [Int32]
  /// Of a client hop: the last server hop that answers it.
  private(set) var answer: [Int32]
  /// Of a client hop: the first server hop that answers it; another one than the last where it was tried again.
  private(set) var firstAnswer: [Int32]
  /// The surest carrier; a gateway's own, not that on which it was called.
  private(set) var carrier: [Int32]
  /// By a gateway's place: the carrier of the connection on which it was called.
  private(set) var inboundCarrier: [Int: Int32] = [:]
  /// By a request's place: the ztunnel connection on which it came to who logged it.
  private(set) var tunnelTo: [Int: Int32] = [:]
  /// By a request's place: the ztunnel connection on which it went on.
  private(set) var tunnelFrom: [Int: Int32] = [:]
  /// How sure it is on which one it came.
  private(set) var tunnelConfidence: [Int: Double] = [:]
  /// Places of ztunnels' connections that carried requests: they are counted with these.
  private(set) var carrying: Set<Int> = []
  /// Of the links to parent and carrier, 1 where there is none.
  private(set) var parentConfidence: [Double]
  private(set) var carrierConfidence: [Double]
  private(set) var status: [CarrierStatus]

  /// `outcomes` are of hops among `hops`, by hop id, ascending.
  init(_ hops: [Hop], _ outcomes: [HopOutcome]) {
    client = [Int32](repeating: -1, count: hops.count)
    answer = client
    firstAnswer = client
    carrier = client
    parentConfidence = [Double](repeating: 1, count: hops.count)
    carrierConfidence = parentConfidence
    status = [CarrierStatus](repeating: .unknown, count: hops.count)
    var places = HopPlaces(hops)
    var next = 0
    // Where they lie: a copy of each would cost more than what is done with it.
    let outcomes = outcomes.span
    for index in outcomes.indices {
      guard let rank = places.rank(of: outcomes[index].hop, from: &next) else { continue }
      let place = places.place(atRank: rank)
      status[place] = outcomes[index].carrierStatus
      if hops[place].role == .gateway {
        noteCarriers(ofGateway: place, outcomes[index], hops, &places)
      } else if let link = outcomes[index].carriers.first, let found = places.carrier(link.target) {
        if hops[found].isTunnel {
          note(tunnel: found, link.confidence, of: place, hops)
        } else {
          carrier[place] = Int32(found)
          carrierConfidence[place] = link.confidence
        }
        if !outcomes[index].carriers.others.isEmpty {
          noteTunnels(outcomes[index].carriers.others, of: place, hops, &places)
        }
      }
      if let link = outcomes[index].parent {
        parentConfidence[place] = link.confidence
        if hops[place].isCalled, let found = places.place(of: link.target, near: rank) {
          note(server: place, client: found, hops)
        }
      }
    }
  }

  private mutating func noteCarriers(
    ofGateway place: Int, _ outcome: HopOutcome, _ hops: [Hop], _ places: inout HopPlaces
  ) {
    for link in outcome.carriers {
      guard let found = places.carrier(link.target) else { continue }
      if hops[found].isTunnel {
        note(tunnel: found, link.confidence, of: place, hops)
      } else if hops[found].upstreamHost != 0, hops[found].upstreamHost == hops[place].downstreamLocal {
        inboundCarrier[place] = Int32(found)
      } else if carrier[place] < 0 {
        carrier[place] = Int32(found)
        carrierConfidence[place] = link.confidence
      }
    }
  }

  private mutating func noteTunnels(
    _ links: [Link], of place: Int, _ hops: [Hop], _ places: inout HopPlaces
  ) {
    for link in links {
      if let found = places.carrier(link.target), hops[found].isTunnel {
        note(tunnel: found, link.confidence, of: place, hops)
      }
    }
  }

  private mutating func note(tunnel: Int, _ confidence: Double, of request: Int, _ hops: [Hop]) {
    carrying.insert(tunnel)
    if hops[tunnel].role == .client {
      (tunnelTo[request], tunnelConfidence[request]) = (Int32(tunnel), confidence)
    } else {
      tunnelFrom[request] = Int32(tunnel)
    }
  }

  private mutating func note(server: Int, client place: Int, _ hops: [Hop]) {
    guard hops[place].isCaller else { return }
    client[server] = Int32(place)
    let last = Int(answer[place])
    if last < 0 || (hops[last].start, hops[last].id) < (hops[server].start, hops[server].id) {
      answer[place] = Int32(server)
    }
    let first = Int(firstAnswer[place])
    if first < 0 || (hops[server].start, hops[server].id) < (hops[first].start, hops[first].id) {
      firstAnswer[place] = Int32(server)
    }
  }
}

extension Hop {
  /// Its parent is who called it over the network.
  var isCalled: Bool { role == .server || role == .gateway }

  /// It may be the parent of whom it called over the network.
  var isCaller: Bool { role == .client || role == .gateway }
}

/// Finds hops by id.
private struct HopPlaces {
  /// Ascending, and where each one's hop stands; nil where that is the same.
  private let ids: [Int64]
  private let places: [Int32]?
  /// Carriers that were asked for, by some bits of their id: one carries many requests.
  private var recent = [Int32](repeating: 0, count: 1 << HopPlaces.recentBits)
  private static let recentBits: UInt64 = 12

  init(_ hops: [Hop]) {
    let inPlace = hops.map(\.id)
    if zip(inPlace, inPlace.dropFirst()).allSatisfy({ $0 < $1 }) {
      ids = inPlace
      places = nil
    } else {
      let order = inPlace.indices.sorted { inPlace[$0] < inPlace[$1] }
      ids = order.map { inPlace[$0] }
      places = order.map { Int32($0) }
    }
  }

  @inline(__always)
  func place(atRank rank: Int) -> Int { places.map { Int($0[rank]) } ?? rank }

  /// The rank of an id; ids are asked for in ascending order, and `next` is where the last one was.
  func rank(of id: Int64, from next: inout Int) -> Int? {
    while next < ids.count, ids[next] < id { next += 1 }
    return next < ids.count && ids[next] == id ? next : nil
  }

  /// Looks around a rank first: a request's hops begin at about the same time.
  func place(of id: Int64, near rank: Int) -> Int? {
    var low = rank
    var high = rank
    var step = 1
    while low > 0, ids[low] > id {
      low = max(0, low - step)
      step *= 2
    }
    step = 1
    while high < ids.count, ids[high] < id {
      high = min(ids.count, high + step)
      step *= 2
    }
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low] == id ? place(atRank: low) : nil
  }

  mutating func carrier(_ id: Int64) -> Int? {
    let bits = UInt64(bitPattern: id) &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(bits >> (64 - Self.recentBits))
    let known = Int(recent[slot])
    if known < ids.count, ids[known] == id { return place(atRank: known) }
    var low = 0
    var high = ids.count
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    guard low < ids.count, ids[low] == id else { return nil }
    recent[slot] = Int32(low)
    return place(atRank: low)
  }
}
