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

  /// The best set of pairs, by row.
  ///
  /// `temper`: what a nat is worth.
  /// `ceiling`: the highest confidence.
  func verdicts(temper: Double = Contest.temper, ceiling: Double = Contest.ceiling) -> [Verdict] {
    var assignment = LegAssignment(rows: rows, columns: columns)
    for score in scores { assignment.add(row: score.row, column: score.column, cost: -score.score) }
    var outcome = Settled(assignment.solve(), scores, columns: columns, temper: temper)
    for score in scores { outcome.oppose(score) }
    return outcome.verdicts.compactMap { verdict in
      guard var verdict else { return nil }
      verdict.confidence = min(ceiling, 1 / (1 + verdict.confidence))
      return verdict
    }
  }
}

/// A contest's best set of pairs, and what speaks against each of them. Until all has been said, `confidence` is the
/// odds of all alternatives together.
private struct Settled {
  private(set) var verdicts: [Contest.Verdict?]
  private let temper: Double
  private let chosen: [Int?]
  /// By column: the row that has it, or -1.
  private var owner: [Int]
  private var ownScore: [Double]
  private var scoreOf: [Int: Double] = [:]

  init(
    _ chosen: [Int?], _ scores: [(row: Int, column: Int, score: Double)], columns: Int, temper: Double
  ) {
    self.chosen = chosen
    self.temper = temper
    owner = [Int](repeating: -1, count: columns)
    ownScore = [Double](repeating: 0, count: chosen.count)
    verdicts = [Contest.Verdict?](repeating: nil, count: chosen.count)
    for score in scores {
      scoreOf[score.row << 32 | score.column] = score.score
      if chosen[score.row] != score.column { continue }
      owner[score.column] = score.row
      ownScore[score.row] = score.score
      let alone = Contest.Rival(place: nil, margin: temper * score.score)
      verdicts[score.row] = Contest.Verdict(
        row: score.row, column: score.column, rowRival: alone, columnRival: alone,
        confidence: weight(alone.margin))
    }
  }

  /// One pair that was not chosen speaks against the pairs that its row and its column have instead: if those two
  /// went together, both their partners would be alone, or take each other.
  mutating func oppose(_ score: (row: Int, column: Int, score: Double)) {
    if chosen[score.row] == score.column { return }
    let rival = owner[score.column]
    var loss = ownScore[score.row] - score.score
    if rival >= 0 {
      loss += ownScore[rival]
      if let column = chosen[score.row], let other = scoreOf[rival << 32 | column], other > 0 {
        // The same exchange is seen from its other half, too.
        if rival < score.row { return }
        loss -= other
        name(rival, column, loss)
      }
    }
    name(score.row, score.column, loss)
    let odds = weight(temper * loss)
    for row in [score.row, rival] where row >= 0 { verdicts[row]?.confidence += odds }
  }

  /// That `row` may have `column` at a loss.
  private mutating func name(_ row: Int, _ column: Int, _ loss: Double) {
    let margin = temper * max(0, loss)
    if let known = verdicts[row]?.rowRival.margin, margin < known {
      verdicts[row]?.rowRival = Contest.Rival(place: column, margin: margin)
    }
    if owner[column] >= 0, let known = verdicts[owner[column]]?.columnRival.margin, margin < known {
      verdicts[owner[column]]?.columnRival = Contest.Rival(place: row, margin: margin)
    }
  }

  private func weight(_ margin: Double) -> Double { Logarithm.exponential(-max(0, margin)) }
}
