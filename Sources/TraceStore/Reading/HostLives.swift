internal import AccessLog
package import Correlation

/// Which pod had an address, and from when on: a host is a mesh cluster and an address, and has a life.
///
/// A pod has an address from its first line on, up to the first line of the next one that has it in the same mesh cluster.
/// IPv4 only: other addresses are a number of their text to correlation.
package struct HostLives: Sendable {
  private struct Life {
    var ip: Int64
    var first: Int64
    var pod: Int32
    var meshCluster: Int32
  }

  /// By IP, then first start.
  private var lives: [Life] = []
  /// Addresses that several mesh clusters have.
  package private(set) var scopes = AddressScopes()

  package init() {}

  init(_ reader: StoreReader, _ sources: SourceIndex) throws {
    var unnamed: [Life] = []
    let sql = """
      SELECT t.address, t.source, min(t.first_us), max(s.pod <> '') FROM told_source t JOIN source s ON s.id = t.source
      WHERE t.address <> '' AND t.first_us IS NOT NULL GROUP BY t.address, t.source
      """
    try reader.rows(sql, [:]) { row in
      guard let ip = row.text(0).flatMap({ IPAddress($0)?.ipv4 }) else { return }
      let from = sources[row.number(1)]
      let life = Life(ip: ip, first: row.number(2), pod: from.pod, meshCluster: from.meshCluster)
      if row.number(3) == 1 { lives.append(life) } else { unnamed.append(life) }
    }
    lives.sort(by: HostLives.isBefore)
    // Lines that name nobody may be those of a pod that is named.
    let others = unnamed.filter { self[$0.ip].isEmpty }
    if !others.isEmpty { lives = (lives + others).sorted(by: HostLives.isBefore) }
    scopes = AddressScopes(shared)
  }

  private static func isBefore(_ one: Life, _ other: Life) -> Bool {
    (one.ip, one.first, one.pod) < (other.ip, other.first, other.pod)
  }

  private subscript(ip: Int64) -> ArraySlice<Life> {
    let start = place(ip)
    return lives[start...].prefix { $0.ip == ip }
  }

  private func place(_ ip: Int64) -> Int {
    var (low, high) = (0, lives.count)
    while low < high {
      let middle = (low + high) / 2
      if lives[middle].ip < ip { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private var shared: [Int64: [Int32]] {
    var shared: [Int64: [Int32]] = [:]
    var start = 0
    while start < lives.count {
      let all = lives[start...].prefix { $0.ip == lives[start].ip }
      if all.count > 1 {
        let clusters = Set(all.map(\.meshCluster)).subtracting([-1])
        if clusters.count > 1 { shared[all[start].ip] = clusters.sorted() }
      }
      start = all.endIndex
    }
    return shared
  }

  /// The pod that had an address at a time, microseconds since the epoch, as seen from a mesh cluster (-1 where none is
  /// known); -1 where nobody had it, or it is not known which of several.
  package func pod(at address: Int64, from meshCluster: Int32, time: Int64) -> Int32 {
    guard address > 0 else { return -1 }
    let all = self[address >> 16]
    guard let first = all.first else { return -1 }
    if all.count == 1 { return first.pod }
    let here = all.contains { $0.meshCluster == meshCluster } ? meshCluster : first.meshCluster
    let own = all.filter { $0.meshCluster == here }
    if here != meshCluster, own.count < all.count { return -1 }
    return (own.last { $0.first <= time } ?? own.first)?.pod ?? -1
  }
}
