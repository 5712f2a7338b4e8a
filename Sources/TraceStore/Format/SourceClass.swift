internal import AccessLog

/// What was told that is taken for one source, and how that is called.
struct SourceClass {
  /// Places among what was told.
  var members: [Int]
  var name = ""
  var origin = Origin<String>()
  /// Tells it from another source of the same names; empty where there is none.
  var address = ""
  /// As Kubernetes tells it; empty where the pod's name has to.
  var workload = ""
  /// All that its lines have for their own.
  var addresses: Set<String> = []

  /// In the order of the columns of `source`.
  var words: [String] { [name] + origin.names + [address] }
}
