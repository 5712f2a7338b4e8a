/// Which sources had which address from when on: what addresses mean to correlation.
struct AddressClaims {
  /// From when on a source has had an address.
  struct Claim: Hashable, Comparable {
    var first: Int64
    var source: Int64

    static func < (one: Claim, other: Claim) -> Bool {
      (one.first, one.source) < (other.first, other.source)
    }
  }

  private var claims: [String: Set<Claim>] = [:]

  init(_ told: some Sequence<ToldSource>, first: (ToldSource) -> Int64?) {
    var earliest: [String: [Int64: Int64]] = [:]
    for one in told where !one.address.isEmpty && one.source != 0 {
      guard let start = first(one) else { continue }
      earliest[one.address, default: [:]][one.source, default: .max] = min(
        earliest[one.address]?[one.source] ?? .max, start)
    }
    // Where only one source has it, nothing is to be told apart.
    claims = earliest.filter { $0.value.count > 1 }.mapValues { sources in
      Set(sources.map { Claim(first: $0.value, source: $0.key) })
    }
  }

  /// The earliest time from which on an address means something else; microseconds since the epoch.
  func firstDifference(from before: AddressClaims) -> Int64? {
    let addresses = Set(claims.keys).union(before.claims.keys)
    return addresses.compactMap { address -> Int64? in
      let (old, new) = (before.claims[address] ?? [], claims[address] ?? [])
      // The first time that there are several, whatever was said of one of them counts for all.
      if old.isEmpty || new.isEmpty { return old.union(new).map(\.first).min() }
      return old.symmetricDifference(new).map(\.first).min()
    }.min()
  }
}
