internal import AccessLog

/// How a damaged store hashed what it holds: whether a row is what was written, its hash tells.
struct SalvagedHashes {
  /// nil where it is lost, or where there was none.
  let secret: HashSecret?
  private let isOpen: Bool
  /// Of its schema; the current one where that is not known.
  let version: Int
  private let mask: UInt64
  private let texts: SipKey?
  private let sets: SipKey?

  init(_ store: DamagedStore, _ mask: UInt64) {
    secret = store.hashSecret
    isOpen = secret == nil && store.hasOpenHashes
    let version = Int(clamping: store.version)
    self.version = (1...StoreVersion.current).contains(version) ? version : StoreVersion.current
    self.mask = mask
    texts = secret?.key(for: .texts)
    sets = secret?.key(for: .attributeSets)
  }

  /// Whether lines that are fed again will not be known: they were named under a secret that is lost.
  var isLost: Bool { secret == nil && !isOpen }

  var lines: HashSecret.Lines { secret?.lines ?? (isOpen ? .open : .body) }

  /// Whether a text is what was written, as far as that can be told.
  func holds(text: String, hash: Int64) -> Bool {
    if isLost { return true }
    return TextDictionary.stored(texts?.hash(text) ?? OpenHash.of(text), mask: mask) == hash
  }

  func holds(_ set: StoredAttributes, hash: Int64) -> Bool {
    if isLost { return true }
    return sets.map { set.hash($0) } ?? set.openHash == hash
  }
}
