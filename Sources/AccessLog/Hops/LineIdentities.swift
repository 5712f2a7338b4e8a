/// Names lines (docs/explanation/decisions/0001-identity.md, 0011-keyed-hashes.md, 0013-who-wrote-a-line.md).
///
/// Two hashes: an open one, which puts hops of one millisecond in an order that is the same in every database and of which
/// nothing else is asked; and a keyed one, which alone says whether two lines are the same. Both are of the line's body alone:
/// how much was told about who wrote it does not matter. Databases of schema 6 and before go on naming lines by their
/// source, too.
struct LineIdentities {
  /// nil for a database whose lines are named by the open one alone.
  private let keyed: LineHash?
  private let sources: SipKey
  /// Whether a line's name depends on its source.
  private let namesSources: Bool

  init(_ secret: HashSecret) {
    keyed = secret.lines == .open ? nil : LineHash(secret.key(for: .lines))
    sources = secret.key(for: .sources)
    namesSources = secret.lines != .body
  }

  /// What a source is to its lines' names.
  struct Source {
    /// Of the open hash.
    var seed: UInt64
    /// Of the keyed one.
    var secret: UInt64
    /// Tells its lines from those of other sources while they are looked for among those before them.
    var place: UInt64
  }

  /// What a source is to the names of its lines, by what makes a source one: `parts`, in their order.
  func source(_ parts: [String], open key: String) -> Source {
    let seed = namesSources ? Hash128.of(Array(key.utf8)).low : 0
    guard keyed != nil else { return Source(seed: seed, secret: seed, place: seed) }
    // Each with its length, for a name may hold anything.
    var bytes: [UInt8] = []
    for part in parts {
      for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: part.utf8.count >> shift))
      }
      bytes += Array(part.utf8)
    }
    let hash = sources.hash(bytes)
    return Source(seed: seed, secret: namesSources ? hash : 0, place: hash)
  }

  /// The name of a line: its second half is the open hash, its first half what tells lines apart.
  @inline(__always)
  func name(of line: PaddedBytes, _ source: Source) -> Hash128 {
    var name = Hash128.of(line, seed: source.seed)
    if let keyed { name.high = keyed.of(line, source: source.secret) }
    return name
  }

  /// The name of a line that others before it are equal to: so many.
  func name(_ name: Hash128, after earlier: UInt32) -> Hash128 {
    var mixed = name.mixed(with: UInt64(earlier))
    if let keyed { mixed.high = keyed.mixed(name.high, with: UInt64(earlier)) }
    return mixed
  }

  /// What tells a line from others while it is looked for among those before it.
  @inline(__always)
  func known(_ name: Hash128, _ source: Source) -> Hash128 {
    keyed == nil ? name : Hash128(high: name.high, low: name.high &+ source.place)
  }
}
