/// The connections of several groups. Most have requests of several groups of one host: they are counted by the class, and put
/// into a set once instead of once for each group.
struct ConnectionUnion: Sendable {
  /// So many of them, from the first, are each there once.
  private var classes: [ConnectionClass] = []
  private var settled = 0
  /// Fewer are not worth it.
  private static let least = 16

  mutating func add(_ more: [ConnectionClass]) {
    classes += more
    if classes.count > max(ConnectionUnion.least, settled * 2) { settle() }
  }

  private mutating func settle() {
    var seen: Set<ObjectIdentifier> = []
    classes.removeAll { !seen.insert(ObjectIdentifier($0)).inserted }
    settled = classes.count
  }

  /// How many different ones; takes the time of looking at each.
  var count: Int {
    var union = self
    union.settle()
    return ConnectionKeys.count(union.classes.map(\.keys))
  }
}
