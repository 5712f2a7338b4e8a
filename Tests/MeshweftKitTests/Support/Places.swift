import TestSupport
import Testing

extension LogSetPlace {
  /// The set in full where all was asked for or it is the project's own, else the first lines of it.
  func loadForTest(atMost lines: Int) throws -> LogSet {
    let set = try load()
    return Checkout.wantsAll ? set : set.thinned(to: lines)
  }
}

extension Trait where Self == ConditionTrait {
  static var needsLargeSets: Self {
    .enabled(
      if: !LogSetPlace.large.isEmpty, "the large log sets are not beside this checkout (../shared/mesh-logs)")
  }

  static var needsCorpora: Self {
    .enabled(
      if: Checkout.exists(Checkout.corpora),
      "the public corpora are not beside this checkout (../shared/corpora)")
  }
}
