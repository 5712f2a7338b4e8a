internal import AccessLog

/// What could not be read, told once for each place and reason.
struct CollectFailures {
  private struct Place: Hashable {
    var context: String
    var namespace: String?
    var failure: KubectlFailure
  }

  private var places: [Place] = []
  private var first: [Place: String] = [:]
  private var counts: [Place: Int] = [:]
  private var others = 0

  /// - Returns: whether this is the first one of its kind and place.
  mutating func add(_ log: LogName, _ failure: KubectlFailure) -> Bool {
    add(Place(context: log.context.name, namespace: log.namespace, failure: failure), log.text)
  }

  mutating func add(_ context: String, _ scope: Kubectl.Scope, _ failure: KubectlFailure) -> Bool {
    add(Place(context: context, namespace: nil, failure: failure), CollectFailures.text(context, scope))
  }

  static func text(_ context: String, _ scope: Kubectl.Scope) -> String {
    switch scope {
    case .everywhere: "\(context): pods of all namespaces"
    case .namespace(let name): "\(context): pods in \(name)"
    case .ofContext: "\(context): pods of the context's namespace"
    }
  }

  private mutating func add(_ place: Place, _ name: String) -> Bool {
    if counts[place] == nil {
      guard places.count < CollectLimits.failures else {
        others += 1
        return false
      }
      places.append(place)
      first[place] = name
    }
    counts[place, default: 0] += 1
    return counts[place] == 1
  }

  var errors: [InputError] {
    var errors = places.map { place -> InputError in
      let more = (counts[place] ?? 1) - 1
      let what = first[place] ?? place.context
      let reason = place.failure.description(of: place.namespace == nil ? "these pods" : "this log")
      let rest =
        place.namespace.map { "; so with \(Quantity.counted(Int64(more), "other log")) in \($0)" } ?? ""
      return .notCollected(what: what, reason: reason + (more > 0 ? rest : ""))
    }
    if others > 0 { errors.append(.notCollected(what: "others", reason: "\(others) more could not be read")) }
    return errors
  }
}
