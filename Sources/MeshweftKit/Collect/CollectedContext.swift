/// A context of the user's kubeconfig, and what the mesh cluster behind it is called in the database.
public struct CollectedContext: Sendable, Hashable {
  /// As `kubectl config get-contexts` has it.
  public let name: String
  /// The context's name unless the user says another.
  public let meshCluster: String

  /// From `NAME` or `NAME=MESH-CLUSTER`.
  /// - Throws: `UsageError` where a name is missing.
  public init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, let meshCluster = parts.last, !name.isEmpty, !meshCluster.isEmpty else {
      throw UsageError(
        "--context takes a context's name, or NAME=MESH-CLUSTER, not \(Shown.text(text, limit: 80))")
    }
    self.name = String(name)
    self.meshCluster = String(meshCluster)
  }
}
