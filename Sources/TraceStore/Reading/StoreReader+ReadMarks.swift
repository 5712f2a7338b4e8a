internal import Queries

extension StoreReader {
  /// How far `collect` has read each log.
  /// - Throws: `StoreError`
  package func readMarks() throws -> [ReadMark] {
    var marks: [ReadMark] = []
    try run(.collectedLogs) { row in
      let run = ReadMark.Run(
        meshCluster: row.text(0) ?? "", namespace: row.text(1) ?? "", pod: row.text(2) ?? "",
        container: row.text(3) ?? "", uid: row.text(4) ?? "", restarts: row.number(5))
      marks.append(
        ReadMark(
          run: run, last: row.integer(6), from: row.integer(7), isComplete: row.number(8) != 0,
          readAs: row.text(9) ?? ""))
    }
    return marks
  }
}
