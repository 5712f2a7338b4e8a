internal import Correlation
internal import TraceStore

/// The stored links around a late carrier's life, as far as a unit of time was correlated with their hops.
struct LateRows {
  /// Hops without a carrier.
  private(set) var open: [(link: HopLinks, hop: Hop)] = []
  /// Hops with one, and the carriers by their key.
  private(set) var linked: [HopLinks] = []
  private(set) var carriers: [Int64: Hop] = [:]
  /// Of client hops that start before the unit: the server hop that answers it.
  private(set) var answers: [Int64: Int64] = [:]
  /// No larger key is of such a hop.
  private let lastBefore: Int64

  /// `longest`: the longest duration of the window's requests, microseconds.
  init(
    _ late: LateCarrier, _ window: UnitWindow, longest: Int64, _ links: LinkFeed, _ feed: HopFeed
  ) throws {
    let first = max(late.starts.lowerBound, window.first) - longest
    let last = max(first, min(late.starts.upperBound, window.last))
    let before = KeyRange(startingIn: window.unit.lowerBound...window.unit.lowerBound).possible.upperBound
    lastBefore = before
    var without: [HopLinks] = []
    try links.forEach(startingAround: first...last) { link in
      if let parent = link.parent, parent <= before { answers[parent] = link.hop }
      if link.carrier == nil { without.append(link) } else { linked.append(link) }
    }
    for link in without {
      if let hop = try feed.hop(withKey: link.hop) { open.append((link, hop)) }
    }
    for key in Set(linked.compactMap(\.carrier)) {
      if let hop = try feed.hop(withKey: key) { carriers[key] = hop }
    }
  }

  /// Whether the hop with a key may start before the unit.
  func mayBeBefore(_ key: Int64) -> Bool { key <= lastBefore }
}
