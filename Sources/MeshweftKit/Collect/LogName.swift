/// A log that is fetched: one container of one pod.
struct LogName: Hashable {
  var context: CollectedContext
  var namespace: String
  var pod: String
  var container: String

  /// For people.
  var text: String { "\(context.name): \(namespace)/\(pod), container \(container)" }
}
