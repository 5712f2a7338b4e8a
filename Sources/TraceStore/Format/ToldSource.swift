internal import AccessLog

/// What was told about who wrote lines, and the address that these lines have for their own pod: what sources are made of
/// (docs/explanation/decisions/0013-who-wrote-a-line.md). Empty is what nobody told.
struct ToldSource: Hashable {
  var id: Int64 = 0
  /// The log's name as it was read.
  var name = ""
  var origin = Origin<String>()
  /// An IP.
  var address = ""
  /// The `source.id` that it is taken for.
  var source: Int64 = 0
  /// The earliest start of its hops, microseconds since the epoch; nil without hops.
  var first: Int64?
  /// What `first` was when sources were told apart the last time; nil where it came since.
  var settledFirst: Int64?
  /// Whether that has been done since it came.
  var isSettled = false

  /// What standard input is called where nothing names a pod.
  static let stream = "stdin"

  /// Nothing but a stream: of several pods, maybe.
  var isStream: Bool { origin.pod.isEmpty && name == ToldSource.stream }

  /// How much it tells: of two that a line may be from, the one that tells more is believed; where both tell as much, the
  /// first by its words. So what is stored does not depend on which came first.
  func tells(moreThan other: ToldSource) -> Bool {
    func count(_ told: ToldSource) -> [Int] {
      told.weighty.map { $0.isEmpty ? 0 : 1 } + [told.isStream ? 0 : 1]
    }
    let (mine, others) = (count(self), count(other))
    if mine != others { return others.lexicographicallyPrecedes(mine) }
    func words(_ told: ToldSource) -> [String] { told.weighty + [told.name, told.address] }
    return words(self).lexicographicallyPrecedes(words(other))
  }

  /// The names of its origin, the one that tells most first.
  private var weighty: [String] { [origin.pod, origin.namespace, origin.meshCluster, origin.container] }

  /// Whether one and the same line cannot be from both.
  func contradicts(_ other: ToldSource) -> Bool {
    if origin.contradicts(other.origin) { return true }
    // Files are logs of their own where neither names nor addresses tell.
    return origin.pod.isEmpty && other.origin.pod.isEmpty && address.isEmpty && !isStream && !other.isStream
      && LogFileName.unrotated(name) != LogFileName.unrotated(other.name)
  }
}
