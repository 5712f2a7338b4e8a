/// Pairs two kinds of things one to one, each of which may stay alone, and says how sure each pair is.
struct Contest {
  struct Verdict {
    var row: Int
    var column: Int
    /// What the row would have had otherwise, and what the column would have had.
    var rowRival: Rival
    var columnRival: Rival
    var confidence: Double
  }

  struct Rival {
    /// nil where the row, or the column, would have stayed alone.
    var place: Int?
    /// The log odds of the chosen pair against this one, in nats.
    var margin: Double
  }

  /// How far the nats of many requests may be believed: they are not independent of each other (one slow moment
  /// delays them all). Fitted on log sets with truth, so that confidence is a probability.
  static let temper = 0.5
  /// No pair found by statistics is surer than this.
  static let ceiling = 0.9995

  private let rows: Int
  private let columns: Int
  private let scores: [(row: Int, column: Int, score: Double)]

  init(rows: Int, columns: Int, _ scores: [(row: Int, column: Int, score: Double)]) {
    self.rows = rows
    self.columns = columns
    self.scores = scores
  }

  func verdicts() -> [Verdict] {
    var assignment = LegAssignment(rows: rows, columns: columns)
    for score in scores { assignment.add(row: score.row, column: score.column, cost: -score.score) }
    let chosen = assignment.solve()
    var ownScore = [Double](repeating: 0, count: rows)
    var owner = [Int](repeating: -1, count: columns)
    for score in scores where chosen[score.row] == score.column {
      ownScore[score.row] = score.score
      owner[score.column] = score.row
    }
    var verdicts = [Verdict?](repeating: nil, count: rows)
    for row in 0..<rows {
      guard let column = chosen[row] else { continue }
      let alone = Rival(place: nil, margin: Contest.temper * ownScore[row])
      verdicts[row] = Verdict(
        row: row, column: column, rowRival: alone, columnRival: alone, confidence: weight(ownScore[row]))
    }
    for score in scores where chosen[score.row] != score.column {
      oppose(score, chosen, ownScore, owner, &verdicts)
    }
    return verdicts.compactMap { verdict in
      guard var verdict else { return nil }
      verdict.confidence = min(Contest.ceiling, 1 / (1 + verdict.confidence))
      return verdict
    }
  }

  /// One pair that was not chosen speaks against the pairs that its row and its column have instead: if those two
  /// went together, both their partners would be alone, or take each other.
  private func oppose(
    _ score: (row: Int, column: Int, score: Double), _ chosen: [Int?], _ ownScore: [Double], _ owner: [Int],
    _ verdicts: inout [Verdict?]
  ) {
    let rival = owner[score.column]
    let loss = ownScore[score.row] + (rival < 0 ? 0 : ownScore[rival]) - score.score
    let margin = Contest.temper * max(0, loss)
    if verdicts[score.row] != nil {
      verdicts[score.row]?.confidence += weight(loss)
      if margin < verdicts[score.row]?.rowRival.margin ?? 0 {
        verdicts[score.row]?.rowRival = Rival(place: score.column, margin: margin)
      }
    }
    if rival >= 0 {
      verdicts[rival]?.confidence += weight(loss)
      if margin < verdicts[rival]?.columnRival.margin ?? 0 {
        verdicts[rival]?.columnRival = Rival(place: score.row, margin: margin)
      }
    }
  }

  private func weight(_ loss: Double) -> Double { Logarithm.exponential(-Contest.temper * max(0, loss)) }
}
