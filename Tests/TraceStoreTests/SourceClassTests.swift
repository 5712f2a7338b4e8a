import AccessLog
import Testing

@testable import TraceStore

@Suite struct `What was told about sources` {
  /// `cluster/namespace/pod/container@address`, or a log's name alone with `@address`.
  private func told(_ text: String) -> ToldSource {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    let names = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var told = ToldSource(address: parts.count > 1 ? parts[1] : "", first: 1)
    if names.count == 4 {
      told.origin = Origin(meshCluster: names[0], namespace: names[1], pod: names[2], container: names[3])
      told.name = names.map { $0.isEmpty ? "-" : $0 }.joined(separator: ".") + ".log"
    } else {
      told.name = names[0]
    }
    return told
  }

  /// What was told, and the classes of it: places in the same list, and what each class is called.
  private static let cases: [(told: [String], classes: [[Int]], names: [String])] = [
    (["a/n/web/p", "//web/"], [[0, 1]], ["a.n.web.p.log"]),
    (["a//web/p", "/n/web/"], [[0, 1]], ["a.n.web.p.log"]),
    (["a/n/web/p@10.0.0.1", "//web/@10.0.0.1", "stdin@10.0.0.1"], [[0, 1, 2]], ["a.n.web.p.log"]),
    // Two namespaces, or two mesh clusters.
    (["a/n/web-0/p", "a/m/web-0/p"], [[0], [1]], ["a.n.web-0.p.log", "a.m.web-0.p.log"]),
    (
      ["a/n/web-0/p", "a/m/web-0/p", "//web-0/"], [[0], [1], [2]],
      ["a.n.web-0.p.log", "a.m.web-0.p.log", "-.-.web-0.-.log"]
    ),
    // Addresses tell whose the half-told lines are.
    (
      ["a/n/web-0/p@10.0.0.1", "a/m/web-0/p@10.0.0.2", "//web-0/@10.0.0.1", "//web-0/@10.0.0.2"],
      [[0, 2], [1, 3]], ["a.n.web-0.p.log", "a.m.web-0.p.log"]
    ),
    (
      ["//web-0/@10.0.0.1", "//web-0/@10.0.0.2"], [[0], [1]],
      ["-.-.web-0.-.log@10.0.0.1", "-.-.web-0.-.log@10.0.0.2"]
    ),
    // A pod of two families, and one that came again with another address.
    (["//web/@10.0.0.1", "//web/@fd00::1"], [[0, 1]], ["-.-.web.-.log"]),
    (
      ["a/n/web-0/p@10.0.0.1", "a/n/web-0/p@10.0.0.2", "//web-0/@10.0.0.2"], [[0, 1, 2]], ["a.n.web-0.p.log"]
    ),
    // Lines that nobody names.
    (["stdin@10.0.0.1", "stdin@10.0.0.2"], [[0], [1]], ["10.0.0.1", "10.0.0.2"]),
    (["web.log@10.0.0.1", "web.log.1@10.0.0.1", "stdin@10.0.0.1"], [[0, 1, 2]], ["web.log"]),
    (
      ["part-a.log@10.0.0.1", "part-a.log@10.0.0.2", "stdin@10.0.0.2"], [[0], [1, 2]],
      ["10.0.0.1", "10.0.0.2"]
    ),
    // An address of two mesh clusters is neither's.
    (
      ["a/n/web/p@10.0.0.1", "b/n/db/p@10.0.0.1", "stdin@10.0.0.1"], [[0], [1], [2]],
      ["a.n.web.p.log", "b.n.db.p.log", "10.0.0.1"]
    ),
  ]

  @Test(arguments: Self.cases.indices)
  func `is put together in whatever order it was told`(number: Int) {
    let (texts, classes, names) = Self.cases[number]
    for order in [Array(texts.indices), texts.indices.reversed()] {
      let found = SourceClasses(order.map { told(texts[$0]) }).classes
      let sets = Set(found.map { Set($0.members.map { order[$0] }) })
      #expect(sets == Set(classes.map(Set.init)), "\(texts)")
      #expect(found.map(\.name).sorted() == names.sorted())
    }
  }

  @Test func `of one line is believed where it says more, whichever came first`() {
    let order = ["stdin@10.0.0.1", "web.log", "//web/", "a//web/", "/n/web/", "a/n/web/p"].map(told)
    for (place, one) in order.enumerated() {
      for (other, two) in order.enumerated() where other != place {
        #expect(one.tells(moreThan: two) == (place > other), "\(one.name) and \(two.name)")
      }
    }
  }
}
