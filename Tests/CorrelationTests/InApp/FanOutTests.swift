import AccessLog
import Testing

@testable import Correlation

/// An app that answers each request by the same calls, some at once, some one after the other, and passes no id on.
struct FanOutApp {
  var hops: [Hop] = []
  var truth: [Int64: Int64] = [:]

  /// What is called: bursts, one after the other, of services.
  private let bursts: [[String]]
  private var dice: Dice
  /// The low bits of ids, which are those of a hash of the line.
  private var names: Dice

  /// Two pods; `every`: milliseconds between two requests of a pod, on average. Times are milliseconds.
  ///
  /// `names`: another number is the same lines with other ids.
  init(_ bursts: [[String]], requests: Int, every: Int64, seed: UInt64, names: UInt64 = 1) {
    self.bursts = bursts
    dice = Dice(state: seed)
    self.names = Dice(state: names)
    for (place, pod) in ["web", "web2"].enumerated() {
      var time = Int64(1_000 + 7 * place)
      for _ in 0..<requests {
        add(pod, at: time)
        time += dice.roll(0..<2 * every)
      }
    }
    hops.sort { $0.id < $1.id }
  }

  private mutating func add(_ pod: String, at start: Int64) {
    var now = start + dice.roll(5..<40)
    var calls: [(service: String, start: Int64, end: Int64)] = []
    for burst in bursts {
      var latest = now
      for service in dice.shuffled(burst) {
        let begin = now + dice.roll(0..<3)
        let end = begin + 8 + dice.roll(0..<12) * dice.roll(0..<6)
        calls.append((service, begin, end))
        latest = max(latest, end)
      }
      now = latest + dice.roll(1..<4)
    }
    let request = append("server", pod, start, now + dice.roll(2..<12), "shop")
    for call in calls { truth[append("client", pod, call.start, call.end, call.service)] = request }
  }

  private mutating func append(_ role: String, _ pod: String, _ start: Int64, _ end: Int64, _ service: String)
    -> Int64
  {
    let id = start << 20 | names.roll(0..<1 << 20)
    hops += CorrelationTests.hops("\(id) \(role) \(pod) \(start) +\(end - start) \(service)")
    // Bodies differ from call to call, and are what tells lines of one millisecond apart.
    hops[hops.count - 1].bytesSent = dice.roll(50..<900)
    return id
  }

  /// Calls that were given their request, in percent, and wrong ones that are held to be sure.
  func score(_ links: [AppLink]) -> (right: Double, sureAndWrong: Int) {
    let right = links.count { truth[$0.client] == $0.server }
    let wrong = links.count { $0.server != nil && $0.confidence >= 0.9 && truth[$0.client] != $0.server }
    return (100 * Double(right) / Double(links.count), wrong)
  }
}

@Suite struct `An app that makes the same calls for each request` {
  @Test(arguments: [
    (bursts: [["geo", "geo", "geo", "rate", "rate"]], every: 80, least: 97.0),
    (bursts: [["geo", "geo", "geo", "rate", "rate"]], every: 30, least: 90.0),
    (bursts: [["geo"], ["rate", "rate", "geo"]], every: 60, least: 97.0),
    (bursts: [["geo"], ["rate"], ["geo"]], every: 50, least: 95.0),
  ])
  func `has them told apart by burst and by what is called`(bursts: [[String]], every: Int64, least: Double) {
    let app = FanOutApp(bursts, requests: 300, every: every, seed: 5)
    let score = app.score(AppMatcher().match(app.hops))
    #expect(score.right >= least)
    // Of those given 0.9 and more: one in ten may be wrong by what it says, one in a hundred is.
    #expect(score.sureAndWrong <= app.truth.count / 100)
  }

  @Test func `has the same answer where ids are other ones`() {
    let bursts = [["geo", "geo", "rate"], ["rate"]]
    let one = FanOutApp(bursts, requests: 200, every: 40, seed: 9, names: 1)
    let other = FanOutApp(bursts, requests: 200, every: 40, seed: 9, names: 2)
    func said(_ app: FanOutApp) -> [[Int64]] {
      let links = AppMatcher().match(app.hops)
      let rows = links.map { [$0.client >> 20, ($0.server ?? -1) >> 20, Int64($0.confidence * 1e6)] }
      return rows.sorted { $0.lexicographicallyPrecedes($1) }
    }
    let (first, second) = (said(one), said(other))
    let different = zip(first, second).count { $0 != $1 }
    // Lines that are the same but for their ids, and of one millisecond, cannot be told apart by anything else.
    #expect(first.count == second.count && different <= first.count / 200)
  }
}
