/// The workload that a pod's name says: Kubernetes appends what its controllers need to tell pods apart.
///
/// Deployment: `NAME-TEMPLATEHASH-SUFFIX`; DaemonSet, ReplicaSet, Job: `NAME-SUFFIX`; StatefulSet: `NAME-ORDINAL`.
/// Suffixes are five characters of `bcdfghjklmnpqrstvwxz2456789` (apimachinery `util/rand`, SafeEncodeString).
package enum WorkloadName {
  private static let safe = Set("bcdfghjklmnpqrstvwxz2456789")

  package static func of(pod: String) -> String {
    let parts = pod.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 1, let last = parts.last else { return pod }
    if !last.isEmpty, last.allSatisfy(\.isNumber), last.count <= 4 {
      return parts.dropLast().joined(separator: "-")
    }
    guard hasRandomSuffix(pod: pod) else { return pod }
    if parts.count > 2, isTemplateHash(parts[parts.count - 2]) {
      return parts.dropLast(2).joined(separator: "-")
    }
    return parts.dropLast().joined(separator: "-")
  }

  /// Whether the name ends in the random suffix that controllers give to pods.
  static func hasRandomSuffix(pod: String) -> Bool {
    let parts = pod.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 1, let last = parts.last else { return false }
    return last.count == 5 && last.allSatisfy(safe.contains)
  }

  /// Six to ten safe characters, of which short ones have a digit among them (a long word without a vowel is none);
  /// older clusters wrote a decimal number.
  private static func isTemplateHash(_ part: Substring) -> Bool {
    guard (6...10).contains(part.count) else { return false }
    if part.count >= 8, part.allSatisfy(safe.contains) { return true }
    return part.contains(where: \.isNumber) && part.allSatisfy { safe.contains($0) || $0.isNumber }
  }
}
