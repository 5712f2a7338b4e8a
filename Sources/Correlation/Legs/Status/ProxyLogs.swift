internal import AccessLog

/// The proxies whose lines are there, found by what tells which of them carried a request.
struct ProxyLogs {
  private(set) var logs: [ProxyLog] = []
  /// By pod: place in `logs`, -1 where it is no proxy's.
  private var placeOfPod: [Int32] = []
  /// (mesh cluster, IP address) from which a proxy calls servers.
  private var addresses = KeyNumbering(expecting: 16)
  private var atAddress: [Int] = []
  /// (mesh cluster, address) that clients call → the proxies that their linked requests came to.
  private var hosts = KeyNumbering(expecting: 16)
  private var behindHost: [Set<Int>] = []
  private var forService: [Int32: Set<Int>] = [:]

  init(_ table: HopTable, _ links: LinkTable) {
    let pods = Int(table.proxies.lazy.map { table[$0].pod }.max() ?? -1) + 2
    placeOfPod = [Int32](repeating: -1, count: pods)
    for hop in table.proxies { add(table[hop]) }
    for hop in table.clients {
      let carrier = links.carrier.target[Int(hop)]
      if carrier >= 0, table[hop].upstreamHost != 0 { learn(table[hop], wentTo: table[carrier]) }
    }
  }

  private mutating func add(_ hop: Hop) {
    let pod = Int(hop.pod) + 1
    if placeOfPod[pod] < 0 {
      placeOfPod[pod] = Int32(logs.count)
      logs.append(
        ProxyLog(meshCluster: hop.meshCluster, firstEnd: .max, lastEnd: .min, ageLimit: .max))
    }
    let place = Int(placeOfPod[pod])
    logs[place].firstEnd = min(logs[place].firstEnd, hop.end)
    logs[place].lastEnd = max(logs[place].lastEnd, hop.end)
    if hop.flags.contains(.durationTimeout) { limit(place, hop.duration) }
    forService[hop.service, default: []].insert(place)
    guard let own = AddressKey.ip(hop.upstreamLocal) else { return }
    if addresses.number(Border.key(hop.meshCluster, own)) == atAddress.count { atAddress.append(place) }
  }

  /// The longest of the connections that were closed for their age.
  private mutating func limit(_ place: Int, _ duration: Int64) {
    let known = logs[place].ageLimit
    logs[place].ageLimit = known == .max ? duration : max(known, duration)
  }

  private mutating func learn(_ client: Hop, wentTo proxy: Hop) {
    let number = Int(hosts.number(Border.key(client.meshCluster, client.upstreamHost)))
    if number == behindHost.count { behindHost.append([]) }
    behindHost[number].insert(Int(placeOfPod[Int(proxy.pod) + 1]))
  }

  /// The proxy that calls servers of this mesh cluster from this address.
  func proxy(calling server: Hop) -> Int? {
    guard let peer = AddressKey.ip(server.downstreamRemote) else { return nil }
    let number = addresses.find(Border.key(server.meshCluster, peer))
    return number < 0 ? nil : atAddress[Int(number)]
  }

  /// The proxies that a client hop without a known other end may have come to: those behind the address that it
  /// called, else those that serve its service.
  func proxies(calledBy client: Hop) -> [Int] {
    let number = hosts.find(Border.key(client.meshCluster, client.upstreamHost))
    return (number >= 0 ? behindHost[Int(number)] : forService[client.service] ?? []).sorted()
  }
}
