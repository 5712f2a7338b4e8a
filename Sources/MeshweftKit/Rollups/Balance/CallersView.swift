/// What callers' lines tell of a service's hosts that have no log of their own.
///
/// An address that callers name is a host where it has the port that hosts with a log have: a border has another one. What such
/// a host got is known where all that arrived at hosts with a log is known from its caller, too.
struct CallersView {
  /// Of hosts with a log.
  private let ports: Set<Substring>
  private let isWhole: Bool
  /// Whatever a host without a log had got would be known.
  let wouldTell: Bool

  /// Of what arrived at hosts with a log, how much callers' lines must tell of.
  static let whole = 0.98

  /// `sums` are all of one service.
  init(_ sums: [GroupSum]) {
    let served = sums.filter { $0.group.server != nil }
    ports = Set(served.compactMap { $0.group.host.map(CallersView.port) })
    let all = served.reduce(0) { $0 + $1.attempts }
    let told = served.reduce(0) { $0 + ($1.group.client == nil ? 0 : $1.attempts) }
    isWhole = all > 0 && Double(told) >= CallersView.whole * Double(all)
    wouldTell = (isWhole || all == 0) && sums.contains { $0.group.client != nil }
  }

  func isHost(_ group: LegTable.Group) -> Bool {
    group.server == nil && group.proxy == nil && group.failureCode == nil
      && group.host.map { ports.contains(CallersView.port($0)) } ?? false
  }

  func tellAll(of group: LegTable.Group) -> Bool { isWhole && isHost(group) }

  private static func port(_ address: String) -> Substring {
    address.lastIndex(of: ":").map { address[address.index(after: $0)...] } ?? ""
  }
}
