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
  /// Pairs that may be looked at for each row, on average, and for all together: where thousands of rows are all alike
  /// every search would lead through all of them. The rows behind take the best column that is free.
  static let stepsPerRow = 4_096
  static let stepsOfAll = 1 << 20

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
    var outcome = Settled(assigned(), scores, columns: columns, temper: temper)
    for score in scores { outcome.oppose(score) }
    return outcome.verdicts.compactMap { verdict in
      guard var verdict else { return nil }
      verdict.confidence = min(ceiling, 1 / (1 + verdict.confidence))
      return verdict
    }
  }

  /// The column of each row, nil for the rows that stay alone. A pair that is no better than none is left out.
  private func assigned() -> [Int?] {
    var starts = [Int](repeating: 0, count: rows + 1)
    for score in scores where score.score > 0 { starts[score.row + 1] += 1 }
    for row in 0..<rows { starts[row + 1] += starts[row] }
    var edges = [Assignment<Double>.Edge](repeating: .init(column: 0, cost: 0), count: starts[rows])
    var next = starts
    for score in scores where score.score > 0 {
      edges[next[score.row]] = .init(column: Int32(score.column), cost: -score.score)
      next[score.row] += 1
    }
    var assignment = Assignment<Double>(columns: columns, ties: .column)
    let limit = Contest.stepsOfAll + Contest.stepsPerRow * rows
    for row in 0..<rows {
      let own = edges[starts[row]..<starts[row + 1]]
      if assignment.steps + assignment.searches + own.count < limit {
        assignment.add(own, none: 0)
      } else {
        assignment.addToFree(own)
      }
    }
    return assignment.columnOf.map { $0 < 0 ? nil : Int($0) }
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
