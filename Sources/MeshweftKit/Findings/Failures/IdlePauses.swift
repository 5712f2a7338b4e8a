internal import AccessLog
internal import Foundation

/// Requests that failed because their connection had been silent for too long.
///
/// Somebody on the way (a load balancer, a firewall, a NAT) forgets connections after some silence. Then nearly all requests
/// after a longer pause fail and those after shorter ones do not: the bound lies between the longest pause that worked and
/// the shortest that failed. Failures at any pause are something else.
struct IdlePauses {
  /// Places of client lines that failed so.
  private(set) var places: [Int] = []
  /// Seconds.
  private(set) var longestThatWorked = 0.0
  private(set) var shortestThatFailed = 0.0

  private static let least = 3
  /// Seconds: no load balancer forgets sooner.
  private static let shortest = 5.0
  /// How likely all of them failed by chance, at most.
  private static let chance = 1e-4

  private struct Pause {
    /// Seconds.
    var length: Double
    var failed: Bool
    var place: Int
  }

  private struct Key: Hashable {
    var source: Int
    var local: Int64
  }

  /// `places` are client lines of one service, by start; `answered` says whether a server has a line of it.
  init(_ lines: FindingLines, _ places: [Int], answered: (Int) -> Bool) {
    var last: [Key: Int64] = [:]
    var pauses: [Pause] = []
    for place in places {
      let (line, set) = (lines.lines[place], lines.attributes(place))
      guard line.upstreamLocal != 0 else { continue }
      let key = Key(source: set.source, local: line.upstreamLocal)
      let lost =
        !set.flags.isDisjoint(with: [.upstreamConnectionTermination, .upstreamRequestTimeout])
        && !answered(place)
      if let before = last[key] {
        pauses.append(Pause(length: Double(max(0, line.start - before)) / 1e6, failed: lost, place: place))
      }
      last[key] = max(last[key] ?? .min, line.end)
    }
    judge(pauses.sorted { $0.length > $1.length })
  }

  private mutating func judge(_ pauses: [Pause]) {
    let failed = pauses.prefix { $0.failed }.filter { $0.length >= IdlePauses.shortest }
    guard failed.count >= IdlePauses.least, let shortest = failed.last else { return }
    let rest = pauses.dropFirst(failed.count)
    let usual = Double(rest.count { $0.failed } + 1) / Double(rest.count + 2)
    guard pow(usual, Double(failed.count)) < IdlePauses.chance else { return }
    places = failed.map(\.place)
    shortestThatFailed = shortest.length
    longestThatWorked = rest.first { !$0.failed }?.length ?? 0
  }
}
