internal import AccessLog

/// The keys by which correlation compares what hops ask for: made of keyed hashes of texts, so that nobody can have two
/// requests that ask for different things taken for alike.
struct ContentHash {
  /// Of texts.
  let texts: SipKey
  private let words: MultilinearHash

  private enum Place { static let method = 0, path = 1, routeMethod = 2, route = 3 }

  init(_ secret: HashSecret) {
    texts = secret.key(for: .contents)
    words = MultilinearHash(texts, words: 4, purpose: 1)
  }

  /// What the method is to a content.
  func set(method: TextKey) -> UInt128 { words.part(Place.method, method.hash) }

  /// 0 where the path is missing.
  @inline(__always)
  func content(_ set: UInt128, path: TextKey) -> UInt64 {
    path.hash == 0 ? 0 : max(1, words.finish(set &+ words.part(Place.path, path.hash)))
  }

  /// A text that is compared by itself; 0 where it is missing.
  @inline(__always)
  func word(_ text: TextKey) -> UInt32 { text.hash == 0 ? 0 : max(1, UInt32(text.hash >> 32)) }

  /// What the method is to a route.
  func routeSet(method: TextKey) -> UInt128 { words.part(Place.routeMethod, method.hash) }

  @inline(__always)
  func route(_ set: UInt128, path: TextKey) -> UInt64 {
    words.finish(set &+ words.part(Place.route, path.route))
  }
}
