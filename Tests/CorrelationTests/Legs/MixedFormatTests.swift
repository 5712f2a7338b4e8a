import AccessLog
import Testing

@testable import Correlation

/// A way in which one end's lines are other than the other end's.
private struct Difference: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var change: @Sendable (inout Hop) -> Void

  init(_ description: String, _ change: @escaping @Sendable (inout Hop) -> Void) {
    (testDescription, self.change) = (description, change)
  }

  static let servers = [
    Difference("no agent") { if $0.role == .server { $0.agent = 0 } },
    Difference("another agent") { if $0.role == .server { $0.agent = 9 } },
    Difference("no authority") { if $0.role == .server { $0.authority = 0 } },
    Difference("another authority") { if $0.role == .server { $0.authority = 9 } },
    Difference("no path") { if $0.role == .server { $0.content = 0 } },
    Difference("no bytes") { if $0.role == .server { ($0.bytesReceived, $0.bytesSent) = (-1, -1) } },
    Difference("no duration") { if $0.role == .server { $0.duration = -1 } },
    Difference("no protocol") { if $0.role == .server { $0.httpVersion = 0 } },
  ]
  /// Without a code nobody knows whether a request succeeded, so that only an id tells which it is.
  static let code = Difference("no code") { if $0.role == .server { $0.responseCode = 0 } }
  static let clients = [
    Difference("clients: no agent") { if $0.role == .client { $0.agent = 0 } },
    Difference("clients: no bytes") { if $0.role == .client { ($0.bytesReceived, $0.bytesSent) = (-1, -1) } },
    Difference("clients: no duration") { if $0.role == .client { $0.duration = -1 } },
    Difference("clients: no protocol") { if $0.role == .client { $0.httpVersion = 0 } },
  ]
}

@Suite struct `Logs of two formats` {
  private func formatted(_ lines: [Line], _ difference: Difference) -> Told {
    let story = Story(lines)
    return story.told(
      story.hops.map { hop in
        var hop = hop
        (hop.authority, hop.agent) = (5, 7)
        if hop.role != .proxy { difference.change(&hop) }
        return hop
      })
  }

  /// Requests with ids, of many of which the line at one end is lost.
  private func identified() -> (lines: [Line], parents: [Int: Int]) {
    var dice = Dice(state: 3)
    var lines: [Line] = []
    var parents: [Int: Int] = [:]
    for number in 0..<200 {
      let start = Double(number) * 150
      let lost = dice.roll(0..<10)
      let place = lines.count
      if lost != 0 {
        lines.append(
          client("sleep", at: start, for: 49, id: UInt64(number + 1), content: "GET /\(number % 9)"))
      }
      if lost < 6 {
        lines.append(
          server("web", at: start + 4, for: 40, id: UInt64(number + 1), content: "GET /\(number % 9)"))
        if lost != 0 { parents[place + 1] = place }
      }
    }
    return (lines, parents)
  }

  @Test(arguments: Difference.servers + Difference.clients + [Difference.code])
  fileprivate func `are linked by ids`(difference: Difference) {
    let (lines, parents) = identified()
    #expect(formatted(lines, difference).parents == parents)
  }

  @Test(arguments: Difference.servers + Difference.clients)
  fileprivate func `are linked without ids`(difference: Difference) {
    var mesh = Anonymous(connections: 8, requests: 40, apart: 500, seed: 5)
    mesh.run()
    let found = formatted(mesh.lines, difference).parents
    let right = found.filter { mesh.parents[$0.key] == $0.value }
    #expect(right.count == found.count, "none is wrong")
    #expect(right.count * 100 >= mesh.parents.count * 95)
  }

  @Test func `a field that some pods log otherwise keeps no id from linking`() {
    let (lines, parents) = identified()
    let story = Story(lines)
    let told = story.told(
      story.hops.map { hop in
        var hop = hop
        hop.agent = hop.role == .server && hop.id % 3 == 0 ? 9 : 7
        return hop
      })
    #expect(told.parents == parents)
  }
}
