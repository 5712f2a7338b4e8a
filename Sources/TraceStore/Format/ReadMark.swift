/// How far `collect` has read the log of one run of a container: where it goes on, whatever the clocks of lines say.
package struct ReadMark: Sendable, Equatable {
  /// One run of a container: from one start of it to the next.
  package struct Run: Sendable, Hashable {
    package var meshCluster: String
    package var namespace: String
    package var pod: String
    package var container: String
    /// The pod's, as Kubernetes has it: pods of one name follow each other.
    package var uid: String
    /// How often the container had been started again.
    package var restarts: Int64

    package init(
      meshCluster: String, namespace: String, pod: String, container: String, uid: String, restarts: Int64
    ) {
      self.meshCluster = meshCluster
      self.namespace = namespace
      self.pod = pod
      self.container = container
      self.uid = uid
      self.restarts = restarts
    }
  }

  package var run: Run
  /// The kubelet's time of the last line that was read, whatever became of it; microseconds since the epoch, nil for none.
  package var last: Int64?
  /// How far back reading began, microseconds since the epoch; nil for the log's beginning.
  package var from: Int64?
  /// The run had ended, and its log was read to the end.
  package var isComplete: Bool
  /// Of the user's own format and field map, under which its lines were read; empty for none.
  package var readAs: String

  package init(run: Run, last: Int64?, from: Int64?, isComplete: Bool, readAs: String) {
    self.run = run
    self.last = last
    self.from = from
    self.isComplete = isComplete
    self.readAs = readAs
  }
}
