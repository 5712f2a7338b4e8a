/// Which logs end because their pods did: those of Jobs, and of pods that others took the place of.
struct PodEnds {
  /// One pod's log.
  struct Log {
    var meshCluster: String
    var namespace: String
    var workload: String
    var pod: String
    /// Microseconds since the epoch: the first line's start, the last one's end.
    var first: Int64
    var last: Int64
  }

  /// Whether each log ended with its pod, by place.
  private(set) var ended: [Bool]

  /// Between a pod's last line and the first one of the pod in its place, either way: a rollout may bring the new one first.
  /// Microseconds.
  private static let handover: Int64 = 300_000_000
  /// A CronJob's pods have the minute in their name for which they were due: they start about then. Microseconds.
  private static let cronDelay: Int64 = 86_400_000_000

  /// `newest`: the last line's end of all logs. A log that goes on until `silence` microseconds before it has not ended.
  init(_ logs: [Log], newest: Int64, silence: Int64) {
    ended = [Bool](repeating: false, count: logs.count)
    var byPlace: [String: [Int]] = [:]
    for (index, log) in logs.enumerated() where !log.workload.isEmpty {
      byPlace["\(log.meshCluster)/\(log.namespace)/\(log.workload)", default: []].append(index)
    }
    for places in byPlace.values {
      let gone = places.filter { newest - logs[$0].last > silence }
      let isJob = gone.count == places.count && places.allSatisfy { PodEnds.isPlain(logs[$0].pod) }
      var successors = places.sorted { (logs[$0].first, logs[$0].pod) < (logs[$1].first, logs[$1].pod) }
      for index in gone.sorted(by: { (logs[$0].last, logs[$0].pod) < (logs[$1].last, logs[$1].pod) }) {
        let log = logs[index]
        if isJob || PodEnds.isCronJob(log) {
          ended[index] = true
        } else if let next = successors.firstIndex(where: {
          logs[$0].first > log.first && abs(logs[$0].first - log.last) <= PodEnds.handover
            && logs[$0].last > log.last
        }) {
          ended[index] = true
          successors.remove(at: next)
        }
      }
    }
  }

  /// `NAME-SUFFIX` without a template's hash: of a Job, or of a DaemonSet, whose pods do not all end.
  private static func isPlain(_ pod: String) -> Bool {
    let parts = pod.split(separator: "-")
    guard let suffix = parts.last, parts.count > 1, suffix.count == 5, !suffix.allSatisfy(\.isNumber) else {
      return false
    }
    // A template's hash is eight to ten characters with a digit among them; a word of a Job's name hardly ever has one.
    let hash = parts[parts.count - 2]
    return !((8...10).contains(hash.count) && hash.contains(where: \.isNumber))
  }

  /// `NAME-MINUTE-SUFFIX`: minutes since 1970.
  private static func isCronJob(_ log: Log) -> Bool {
    let parts = log.pod.split(separator: "-")
    guard parts.count > 2, let minute = Int64(parts[parts.count - 2]), minute < 1 << 32 else { return false }
    return abs(minute * 60_000_000 - log.first) <= cronDelay
  }
}
