internal import AccessLog

/// The keys by which correlation compares what hops ask for: made of keyed hashes of texts, so that nobody can have two
/// requests that ask for different things taken for alike.
struct ContentHash {
  /// Of texts.
  let texts: SipKey
  private let words: MultilinearHash

  private enum Place { static let method = 0, authority = 1, path = 2, agent = 3, routeMethod = 4, route = 5 }

  init(_ secret: HashSecret) {
    texts = secret.key(for: .contents)
    words = MultilinearHash(texts, words: 6, purpose: 1)
  }

  /// What method and authority are to a content.
  func set(method: TextKey, authority: TextKey) -> UInt128 {
    words.part(Place.method, method.hash) &+ words.part(Place.authority, authority.hash)
  }

  @inline(__always)
  func content(_ set: UInt128, path: TextKey, agent: TextKey) -> UInt64 {
    words.finish(set &+ words.part(Place.path, path.hash) &+ words.part(Place.agent, agent.hash))
  }

  /// What the method is to a route.
  func routeSet(method: TextKey) -> UInt128 { words.part(Place.routeMethod, method.hash) }

  @inline(__always)
  func route(_ set: UInt128, path: TextKey) -> UInt64 {
    words.finish(set &+ words.part(Place.route, path.route))
  }
}
