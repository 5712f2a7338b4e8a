import enum AccessLog.PageLimits
import Testing

@testable import MeshweftKit

@Suite struct `The time of a page's charts` {
  private static let minute: Int64 = 60_000_000
  private static let second: Int64 = 1_000_000

  @Test func `an hour is cut into minutes`() {
    let time = PageTime((0..<60).map { $0 * Self.minute })
    #expect(time.width == Self.minute)
    #expect(time.stretches == [.init(start: 0, buckets: 60)])
  }

  @Test func `a week is cut into pieces that are not more than a chart can show`() {
    let time = PageTime((0..<7 * 24 * 60).map { $0 * Self.minute })
    #expect(time.width == 7200 * Self.second)
    #expect(time.stretches.map(\.buckets) == [84])
  }

  @Test func `two incidents years apart are two stretches of seconds`() {
    let years = 3 * 365 * 24 * 60 * Self.minute
    let starts = (0..<20).map { $0 * Self.second } + (0..<30).map { years + $0 * Self.second }
    let time = PageTime(starts, resolution: Self.second)
    #expect(time.width == Self.second)
    #expect(time.stretches == [.init(start: 0, buckets: 20), .init(start: years, buckets: 30)])
  }

  @Test func `an outage in the middle stays in sight`() {
    let starts = (0..<60).filter { !(20..<40).contains($0) }.map { Int64($0) * Self.minute }
    #expect(PageTime(starts).stretches == [.init(start: 0, buckets: 60)])
  }

  @Test func `every start has its bucket, and other times have none`() {
    let time = PageTime([0, 5, 500, 501].map { $0 * Self.minute })
    #expect(time.stretches.map(\.buckets) == [6, 2])
    #expect([0, 5, 500, 501].map { time.index(of: $0 * Self.minute) } == [0, 5, 6, 7])
    #expect(time.index(of: 100 * Self.minute) == nil)
    #expect(time.index(of: -1) == nil)
  }

  @Test func `times before 1970 are counted, too`() {
    let time = PageTime([-3, -1].map { $0 * Self.minute })
    #expect(time.stretches == [.init(start: -3 * Self.minute, buckets: 3)])
  }

  @Test func `nothing has no stretches`() {
    #expect(PageTime([]).stretches.isEmpty)
  }

  @Test func `logs of every clock there is are cut down to the newest`() {
    let time = PageTime((0..<40).map { Int64($0 * $0) * 4 * 365 * 24 * 60 * Self.minute })
    #expect(time.stretches.count <= PageLimits.stretches)
    #expect(time.stretches.reduce(0) { $0 + $1.buckets } <= PageLimits.buckets)
  }
}
