internal import AccessLog

/// Room for the identifiers of a group of rows that are bound together.
final class IdentifierScratch {
  struct Row {
    let request = IdentifierSpace()
    let trace = IdentifierSpace()
  }
  let spaces: [Row] = (0..<StoreLimits.groupRows).map { _ in Row() }

  deinit {
    for space in spaces {
      space.request.deallocate()
      space.trace.deallocate()
    }
  }
}
