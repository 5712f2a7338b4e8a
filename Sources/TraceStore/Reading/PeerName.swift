/// The pod at the other end of a ztunnel's connection, as its line names it: `namespace/pod`, or `pod`.
struct PeerName: Hashable {
  /// Empty where not named.
  var namespace: String
  var pod: String

  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let last = parts.last, !last.isEmpty else { return nil }
    (namespace, pod) = (parts.count > 1 ? String(parts[0]) : "", String(last))
  }
}
