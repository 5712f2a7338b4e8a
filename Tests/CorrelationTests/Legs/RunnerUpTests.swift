import AccessLog
import Testing

@testable import Correlation

@Suite struct `What would have been linked otherwise` {
  @Test func `is nothing where an id names one request`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      client("cat", at: 0, for: 49, id: 8), server("web", at: 4, for: 40, id: 8, from: "gate:5001"),
    ])
    #expect(told[1]?.runnerUp == nil && told[1]?.margin == nil)
  }

  @Test func `is the other call where two share an id`() throws {
    let story = Story([
      client("page", at: 0, for: 60, id: 7, from: "page:1"),
      client("page", at: 10, for: 60, id: 7, from: "page:2"),
      server("web", at: 5, for: 50, id: 7, from: "gate:5001"),
      server("web", at: 15, for: 50, id: 7, from: "gate:5002"),
    ])
    let outcome = try #require(story.told()[2])
    #expect(outcome.parent?.target == story.hops[0].id)
    #expect(outcome.runnerUp == story.hops[2].id, "in order of time")
    let (confidence, margin) = (try #require(outcome.parent?.confidence), try #require(outcome.margin))
    #expect(margin > 0.3 && margin < confidence)
  }
}

@Suite struct `A contest` {
  @Test func `goes to the best set of pairs, not to the best pair`() {
    // The greedy choice, 0 with 0 for 10, would leave 1 with nothing.
    let verdicts = Contest(rows: 2, columns: 2, [(0, 0, 10), (0, 1, 9), (1, 0, 9)]).verdicts()
    #expect(verdicts.map { [$0.row, $0.column] } == [[0, 1], [1, 0]])
  }

  @Test func `tells who would have won without the winner`() {
    let verdicts = Contest(rows: 2, columns: 2, [(0, 0, 10), (0, 1, 4), (1, 0, 7)]).verdicts()
    // 0 with 1 and 1 with 0 together make 11: one nat better than 0 with 0 alone.
    #expect(verdicts.map { [$0.row, $0.column] } == [[0, 1], [1, 0]])
    #expect(verdicts.map(\.rowRival.place) == [0, nil])
    #expect(verdicts.map(\.columnRival.place) == [nil, 0])
    #expect(verdicts.map(\.rowRival.margin)[0] == Contest.temper * 1)
  }

  @Test func `leaves alone what fits nothing`() {
    #expect(Contest(rows: 2, columns: 1, [(0, 0, -1)]).verdicts().isEmpty)
  }

  @Test func `is as sure as its lead is large`() {
    let close = Contest(rows: 1, columns: 2, [(0, 0, 20), (0, 1, 19)]).verdicts()
    let clear = Contest(rows: 1, columns: 2, [(0, 0, 20), (0, 1, 2)]).verdicts()
    #expect((close.first?.confidence ?? 1) < 0.7)
    #expect((clear.first?.confidence ?? 0) > 0.99)
    #expect((clear.first?.confidence ?? 1) <= Contest.ceiling)
  }
}
