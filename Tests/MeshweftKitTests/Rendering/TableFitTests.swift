import Testing

@testable import MeshweftKit

@Suite struct `A table on a terminal` {
  private static func report() -> Report {
    var report = Report(
      schema: "x/1", rowsKey: "rows",
      columns: [
        .init(key: "name", header: "NAME"),
        .init(key: "first", header: "FIRST", alignsRight: true, dropOrder: 1),
        .init(key: "second", header: "SECOND", alignsRight: true, dropOrder: 2),
        .init(key: "time", header: "TIME"),
      ])
    report.rows = [
      [.text("productpage-h6chs6wbrj-mbhmg"), .integer(1), .integer(22), .bucket(0)],
      [.text("日本語のとても長い名前のポッド"), .integer(333), .integer(4), .bucket(0)],
    ]
    return report
  }

  private static func lines(_ columns: Int?, _ form: OutputForm = .table) -> [Substring] {
    let text = String(
      decoding: report().rendered(as: form, ink: Ink(isOn: false, columns: columns)), as: UTF8.self)
    return text.split(separator: "\n")
  }

  @Test(arguments: 30...90)
  func `is never wider, however narrow that is`(columns: Int) {
    #expect(Self.lines(columns).dropLast().allSatisfy { DisplayWidth.of(String($0)) <= columns })
  }

  @Test func `is the same as elsewhere where it fits`() { #expect(Self.lines(90) == Self.lines(nil)) }

  @Test func `leaves columns out in their order, and says which`() {
    #expect(Self.lines(56).first?.contains("FIRST") == true)
    #expect(Self.lines(46).first?.contains("FIRST") == false)
    #expect(Self.lines(46).first?.contains("SECOND") == true)
    #expect(Self.lines(46).last == "Left out to fit 46 columns: FIRST. -o wide has them.")
    #expect(Self.lines(38).last == "Left out to fit 38 columns: FIRST, SECOND. -o wide has them.")
  }

  @Test func `is whole with wide and for programs`() {
    for form in OutputForm.allCases where form != .table {
      #expect(Self.lines(20, form) == Self.lines(nil, form))
    }
  }

  @Test(arguments: [
    ("productpage", 11, "productpage"), ("productpage", 7, "pro…age"), ("abc", 1, "…"), ("日本語日本語", 8, "日本…語"),
  ])
  func `cuts names in the middle`(text: String, width: Int, expected: String) {
    #expect(DisplayWidth.cut(text, to: width) == expected)
  }

  @Test func `takes what all services have in common before that`() {
    let name = "httpbin.default.svc.cluster.local:8000"
    #expect(DisplayWidth.cut(name, to: 20, .service) == "httpbin.default:8000")
    #expect(DisplayWidth.cut(name, to: 40, .service) == name)
    #expect(DisplayWidth.cut(name, to: 8, .never) == name)
    #expect(DisplayWidth.cut(name, to: 8, .end) == "httpbin…")
  }
}
