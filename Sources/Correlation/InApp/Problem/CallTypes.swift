/// Which kind of request or call each hop is, as small dense numbers: (service, route), folded where rare.
///
/// A kind needs enough members for its gaps to be learned. The rare routes of a service share a kind, and services
/// beyond the limit share the last one.
struct CallTypes {
  /// The kind of each hop, in the order given.
  var type: [Int32] = []
  var count = 0

  /// Members below which a route has no kind of its own.
  static let minimumMembers = 40

  private struct Key: Hashable {
    var service: Int32
    var route: UInt64
  }

  /// There are at most `limit` kinds, at least 4: the memory of the model grows with its square.
  init(_ indices: [Int32], in hops: [Hop], limit: Int) {
    let routes = Self.frequent(
      indices.map { Key(service: hops[Int($0)].service, route: hops[Int($0)].route) }, limit: limit / 2)
    let services = Self.frequent(
      indices.map { Key(service: hops[Int($0)].service, route: 0) }, limit: limit / 2 - 1, minimum: 1)
    var numbers: [Key: Int32] = [:]
    type.reserveCapacity(indices.count)
    for index in indices {
      let hop = hops[Int(index)]
      var key = Key(service: hop.service, route: hop.route)
      if !routes.contains(key) {
        key = Key(service: hop.service, route: 0)
        if !services.contains(key) { key = Key(service: .min, route: 0) }
      }
      let number = numbers[key] ?? Int32(numbers.count)
      numbers[key] = number
      type.append(number)
    }
    count = max(1, numbers.count)
  }

  /// The most frequent keys, ties in the order of first appearance.
  private static func frequent(_ keys: [Key], limit: Int, minimum: Int = minimumMembers) -> Set<Key> {
    var members: [Key: (count: Int, first: Int)] = [:]
    for (place, key) in keys.enumerated() { members[key, default: (0, place)].count += 1 }
    let ranked = members.filter { $0.value.count >= minimum }
      .sorted { ($1.value.count, $0.value.first) < ($0.value.count, $1.value.first) }
    return Set(ranked.prefix(limit).map(\.key))
  }
}
