/// The lines along which clocks run, as correlograms told them, each measured once: the hops that are left over stay the same
/// in all rounds of one matching of sequences.
final class MeasuredLines {
  private var lines: [UInt64: AnchorSearch.Line?] = [:]
  private var servers: [Int32: [Int32]] = [:]

  /// The line of a pair of mesh clusters; nil where none stands out.
  func line(_ client: Int32, _ server: Int32, measure: () -> AnchorSearch.Line?) -> AnchorSearch.Line? {
    let key = FlatKey.pack(client, server)
    if let known = lines[key] { return known }
    let line = measure()
    lines[key] = .some(line)
    return line
  }

  /// Those of `hops` that a mesh cluster's servers logged and that succeeded, in time order. `hops`: of all servers, always alike.
  func servers(of cluster: Int32, among hops: [Int32], _ table: HopTable) -> [Int32] {
    if servers.isEmpty {
      servers = Dictionary(grouping: hops.filter { table[$0].succeeded }.sorted()) { table[$0].meshCluster }
    }
    return servers[cluster] ?? []
  }
}
