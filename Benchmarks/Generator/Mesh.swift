/// A path of a service, with what its requests and responses weigh.
struct Endpoint {
  let method: Text
  let path: Text
  /// The path ends in a number below this; 0: it does not.
  let numbers: Int
  let requestBodyBytes: Range<Int>
  let responseBodyBytes: Range<Int>
  let serverMicroseconds: Range<Int>
}

/// A service of the far mesh cluster, in all the spellings a log uses for it.
struct MeshService {
  let authority: Text
  let outboundCluster: Text
  let serverName: Text
  let virtualAddress: Address
  let endpoints: [Endpoint]
  /// Indices into `Mesh.servers`.
  let servers: Range<Int>
}

/// A pod with its log and the source port its sidecar uses next.
struct Pod {
  /// An ephemeral port comes again only after this many others.
  static let ephemeralPorts = 32_768..<61_000

  let address: Address
  let logName: String
  private var nextPort: Int

  init(address: Address, logName: String, firstPort: Int) {
    self.address = address
    self.logName = logName
    nextPort = firstPort
  }

  mutating func nextEphemeralAddress() -> Address {
    nextPort = nextPort + 1 < Self.ephemeralPorts.upperBound ? nextPort + 1 : Self.ephemeralPorts.lowerBound
    return address.with(port: UInt16(nextPort))
  }
}

/// Two mesh clusters: clients in ack1, cross-network proxies behind a masquerading load balancer and two services in ack2.
struct Mesh {
  static let externalAddress = Address(203, 0, 113, 10, port: 15443)
  static let loadBalancer = Address(10, 2, 0, 1, port: 0)
  static let proxyPort: UInt16 = 15443

  let services: [MeshService]
  let agents: [Text]
  let http11: Text
  let viaUpstream: Text
  let noFlags: Text
  let defaultRoute: Text
  let inboundCluster: Text
  var clients: [Pod]
  var proxies: [Pod]
  var servers: [Pod]

  init(pool: TextPool, random: inout SplitMix64) {
    http11 = pool.add("HTTP/1.1")
    viaUpstream = pool.add("via_upstream")
    noFlags = pool.add("-")
    defaultRoute = pool.add("default")
    inboundCluster = pool.add("inbound|80||")
    agents = [
      "curl/8.1.2", "python-requests/2.31.0", "okhttp/4.12.0", "Go-http-client/1.1",
      "Mozilla/5.0 (X11; Linux x86_64)",
    ].map(pool.add)
    clients = Self.pods("ack1.default.sleep", count: 4, firstHost: (10, 1, 0, 11), random: &random)
    clients += Self.pods("ack1.shop.checkout", count: 2, firstHost: (10, 1, 0, 21), random: &random)
    proxies = Self.pods(
      "ack2.istio-system.istio-asm-cross-network", count: 2, firstHost: (10, 2, 0, 51), random: &random)
    servers = Self.pods("ack2.default.httpbin", count: 4, firstHost: (10, 2, 1, 21), random: &random)
    servers += Self.pods("ack2.default.orders", count: 3, firstHost: (10, 2, 1, 31), random: &random)
    services = [
      Self.service(
        "httpbin", lastByte: 10, endpoints: Self.httpbinEndpoints(pool), servers: 0..<4, pool: pool),
      Self.service("orders", lastByte: 20, endpoints: Self.ordersEndpoints(pool), servers: 4..<7, pool: pool),
    ]
  }

  /// The logs in one row: clients, then proxies, then servers.
  var allPods: [Pod] { clients + proxies + servers }

  private static func service(
    _ name: String, lastByte: UInt32, endpoints: [Endpoint], servers: Range<Int>, pool: TextPool
  ) -> MeshService {
    MeshService(
      authority: pool.add("\(name):8000"),
      outboundCluster: pool.add("outbound|8000||\(name).default.svc.cluster.local"),
      serverName: pool.add("outbound_.8000_._.\(name).default.svc.cluster.local"),
      virtualAddress: Address(172, 20, 0, lastByte, port: 8000), endpoints: endpoints, servers: servers)
  }

  private static func httpbinEndpoints(_ pool: TextPool) -> [Endpoint] {
    let get = pool.add("GET")
    return [
      Endpoint(
        method: get, path: pool.add("/get?id="), numbers: 1000, requestBodyBytes: 0..<1,
        responseBodyBytes: 120..<400, serverMicroseconds: 900..<9000),
      Endpoint(
        method: get, path: pool.add("/headers"), numbers: 0, requestBodyBytes: 0..<1,
        responseBodyBytes: 80..<200, serverMicroseconds: 600..<4000),
      Endpoint(
        method: pool.add("POST"), path: pool.add("/post"), numbers: 0, requestBodyBytes: 64..<4096,
        responseBodyBytes: 300..<5000, serverMicroseconds: 1500..<15_000),
      Endpoint(
        method: get, path: pool.add("/bytes/"), numbers: 65_536, requestBodyBytes: 0..<1,
        responseBodyBytes: 1024..<65_536, serverMicroseconds: 2000..<20_000),
      Endpoint(
        method: get, path: pool.add("/delay/"), numbers: 3, requestBodyBytes: 0..<1,
        responseBodyBytes: 120..<300, serverMicroseconds: 20_000..<120_000),
    ]
  }

  private static func ordersEndpoints(_ pool: TextPool) -> [Endpoint] {
    [
      Endpoint(
        method: pool.add("GET"), path: pool.add("/orders/"), numbers: 100_000, requestBodyBytes: 0..<1,
        responseBodyBytes: 200..<3000, serverMicroseconds: 1200..<12_000),
      Endpoint(
        method: pool.add("POST"), path: pool.add("/orders"), numbers: 0, requestBodyBytes: 200..<2000,
        responseBodyBytes: 40..<120, serverMicroseconds: 4000..<40_000),
      Endpoint(
        method: pool.add("DELETE"), path: pool.add("/orders/"), numbers: 100_000, requestBodyBytes: 0..<1,
        responseBodyBytes: 0..<1, serverMicroseconds: 2000..<9000),
    ]
  }

  private static func pods(
    _ workload: String, count: Int, firstHost: (UInt32, UInt32, UInt32, UInt32), random: inout SplitMix64
  ) -> [Pod] {
    let replicaSet = name(length: 10, random: &random)
    return (0..<count).map { index in
      Pod(
        address: Address(firstHost.0, firstHost.1, firstHost.2, firstHost.3 + UInt32(index), port: 0),
        logName: "\(workload)-\(replicaSet)-\(name(length: 5, random: &random)).istio-proxy.log",
        firstPort: random.within(Pod.ephemeralPorts))
    }
  }

  /// Letters and digits as Kubernetes picks them (no vowels, no look-alikes).
  static func name(length: Int, random: inout SplitMix64) -> String {
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
    return String((0..<length).map { _ in alphabet[random.below(alphabet.count)] })
  }
}
