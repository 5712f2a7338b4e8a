internal import TraceStore

extension StoreReader {
  /// Sentences for standard error about what is missing in whatever is read.
  var notes: [String] { unlinked.map { [$0.sentence] } ?? [] }
}

extension UnlinkedLines {
  /// How much is not linked, why, and what to run.
  var sentence: String {
    let what: String
    if hasNoLinks {
      what = "none of the \(Quantity.counted(total, "line")) in the database is linked yet"
    } else if waiting > 0 {
      what = "\(Quantity.grouped(waiting)) of \(Quantity.counted(total, "line")) are not linked yet"
    } else {
      what = "the last lines are not linked yet"
    }
    switch reason {
    case .readOnly:
      return what
        + ", and the database may not be written from here: run `meshweft correlate` where it may be"
    case .busy:
      return what
        + ", and another process is writing: this is what was linked before; ask again when it is done"
    case .full: return what + ", and there is no room for links: make some, and run `meshweft correlate`"
    }
  }
}
