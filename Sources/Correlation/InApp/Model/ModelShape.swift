/// How the tables of a request model are laid out.
///
/// - events: the start of the request; the start of a call, by type; the end of a call, by type.
/// - states: how many calls there were so far (0, 1, 2, more) and how many are open (0, 1, more).
/// - outcomes: the start of a call, by type; the end of the request; waiting for an open call. The first two are acts.
struct ModelShape {
  let requestTypes: Int
  let callTypes: Int
  let bins: GapBins

  var events: Int { 1 + 2 * callTypes }
  var acts: Int { callTypes + 1 }
  var outcomes: Int { callTypes + 2 }
  static let states = 12

  static let requestStarts = 0
  @inline(__always) func callStarts(_ type: Int) -> Int { 1 + type }
  @inline(__always) func callEnds(_ type: Int) -> Int { 1 + callTypes + type }
  var requestEnds: Int { callTypes }
  var waits: Int { callTypes + 1 }

  @inline(__always) static func state(calls: Int, open: Int) -> Int {
    min(calls, 3) * 3 + min(open, 2)
  }
  /// Whether calls are open in a state.
  static func isBusy(_ state: Int) -> Bool { state % 3 > 0 }

  @inline(__always) func outcomeIndex(type: Int, event: Int, state: Int, outcome: Int) -> Int {
    ((type * events + event) * ModelShape.states + state) * outcomes + outcome
  }

  /// Rows of a `GapTable`.
  var gapRows: Int { requestTypes * events * acts }

  /// The row of a gap.
  @inline(__always) func gapRow(type: Int, event: Int, act: Int) -> Int {
    (type * events + event) * acts + act
  }
}
