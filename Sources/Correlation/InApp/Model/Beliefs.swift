/// How probable each place of each call was, added up over sweeps.
struct Beliefs {
  /// Weight of "no parent" of each call, then of each of its candidates.
  private var weight: [Float]
  private let start: [Int32]
  var isRecording = false

  init(_ problem: borrowing CallProblem) {
    start = problem.candidateStart.enumerated().map { $1 + Int32($0) }
    weight = [Float](repeating: 0, count: problem.candidates.count + problem.callID.count)
  }

  /// `slot` is the candidate's place among the call's, -1 for none.
  @inline(__always)
  mutating func add(_ call: Int, slot: Int32, _ probability: Float) {
    guard isRecording else { return }
    weight[Int(start[call]) + Int(slot) + 1] += probability
  }

  /// The most and the second most probable place of a call, and their shares.
  func ranked(_ call: Int) -> (best: (slot: Int, share: Float), second: (slot: Int, share: Float)?) {
    var best = (slot: -1, share: Float(-1))
    var second: (slot: Int, share: Float)?
    var total: Float = 0
    for place in Int(start[call])..<Int(start[call + 1]) {
      let entry = (slot: place - Int(start[call]) - 1, share: weight[place])
      total += entry.share
      if entry.share > best.share {
        if best.share >= 0 { second = best }
        best = entry
      } else if entry.share > (second?.share ?? -1) {
        second = entry
      }
    }
    guard total > 0 else { return ((-1, 1), nil) }
    return ((best.slot, best.share / total), second.map { ($0.slot, $0.share / total) })
  }
}
