/// A service with its pods, in all the spellings a log uses for it.
struct CalledService {
  let authority: Text
  let outboundCluster: Text
  let serverName: Text
  let virtualAddress: Address
  let endpoints: [Endpoint]
  /// Its mesh cluster, 0 or 1.
  let meshCluster: Int
  /// Indices into `CallMesh.pods`.
  let pods: Range<Int>
}

/// The pods and services of two mesh clusters, between which calls go through cross-network proxies.
///
/// Services stand in levels: those of one call those of the next.
struct CallMesh {
  static let proxiesOfCluster = 2
  static let podsOfNode = 10
  static let servicePort: UInt16 = 8080

  let shape: CallShape
  private(set) var pods: [Pod] = []
  /// What is written before a pod's lines where it shares a file.
  private(set) var prefixes: [Text] = []
  /// The mesh cluster of each pod.
  private(set) var meshClusters: [Int] = []
  private(set) var services: [CalledService] = []
  let clients: Range<Int>
  /// By mesh cluster.
  private(set) var proxies: [Range<Int>] = []
  let agents: [Text]
  let http11: Text
  let http2: Text
  let viaUpstream: Text
  let noFlags: Text
  let defaultRoute: Text
  let inboundCluster: Text

  init(_ shape: CallShape, pool: TextPool, random: inout SplitMix64) {
    self.shape = shape
    http11 = pool.add("HTTP/1.1")
    http2 = pool.add("HTTP/2")
    viaUpstream = pool.add("via_upstream")
    noFlags = pool.add("-")
    defaultRoute = pool.add("default")
    inboundCluster = pool.add("inbound|\(Self.servicePort)||")
    agents = ["okhttp/4.12.0", "Go-http-client/2.0", "grpc-java-netty/1.62.2"].map(pool.add)
    clients = 0..<shape.clients
    for index in 0..<shape.clients {
      addPod("edge", "caller", meshCluster: index % 2, pool: pool, random: &random)
    }
    for meshCluster in 0..<2 {
      let first = pods.count
      for _ in 0..<Self.proxiesOfCluster {
        addPod(
          "istio-system", "istio-asm-cross-network", meshCluster: meshCluster, pool: pool, random: &random)
      }
      proxies.append(first..<pods.count)
    }
    let kinds = Endpoint.kinds(pool)
    for number in 0..<shape.services {
      let first = pods.count
      let name = "svc\(number)"
      let meshCluster = number / shape.depth % 2
      for _ in 0..<shape.pods {
        addPod("shop", name, meshCluster: meshCluster, pool: pool, random: &random)
      }
      services.append(
        CalledService(
          authority: pool.add("\(name).shop:\(Self.servicePort)"),
          outboundCluster: pool.add("outbound|\(Self.servicePort)||\(name).shop.svc.cluster.local"),
          serverName: pool.add("outbound_.\(Self.servicePort)_._.\(name).shop.svc.cluster.local"),
          virtualAddress: Address(
            172, 20, UInt32(number >> 8), UInt32(number & 0xFF), port: Self.servicePort),
          endpoints: (0..<3).map { kinds[(number + $0) % kinds.count] }, meshCluster: meshCluster,
          pods: first..<pods.count))
    }
  }

  /// A service of a level for a caller in a mesh cluster, in the other one or in its own.
  func service(level: Int, from meshCluster: Int, crosses: Bool, random: inout SplitMix64) -> Int {
    let ofLevel = max(1, (shape.services - level + shape.depth - 1) / shape.depth)
    let wanted = crosses ? 1 - meshCluster : meshCluster
    // Services of a level alternate between the mesh clusters; a level of one service is in the first.
    let first = random.below(ofLevel)
    let place = first % 2 == wanted ? first : first + 1 < ofLevel ? first + 1 : max(0, first - 1)
    return level + place * shape.depth
  }

  mutating func nextAddress(of pod: Int) -> Address { pods[pod].nextEphemeralAddress() }

  static func externalAddress(of meshCluster: Int) -> Address {
    Address(203, 0, 113, UInt32(10 * (meshCluster + 1)), port: Mesh.proxyPort)
  }

  static func loadBalancer(of meshCluster: Int) -> Address {
    Address(10, UInt32(meshCluster + 1), 0, 1, port: 0)
  }

  private mutating func addPod(
    _ namespace: String, _ workload: String, meshCluster: Int, pool: TextPool, random: inout SplitMix64
  ) {
    let number = UInt32(pods.count)
    let name =
      "\(workload)-\(Mesh.name(length: 10, random: &random))-\(Mesh.name(length: 5, random: &random))"
    pods.append(
      Pod(
        address: Address(
          10, UInt32(meshCluster + 1), 1 + number / 200, 10 + number % 200, port: 0),
        logName: "ack\(meshCluster + 1).\(namespace).\(name).istio-proxy.log",
        firstPort: random.within(Pod.ephemeralPorts)))
    prefixes.append(pool.add("[pod/\(name)/istio-proxy] "))
    meshClusters.append(meshCluster)
  }
}

extension Endpoint {
  /// Short requests, as most in a mesh are.
  static func kinds(_ pool: TextPool) -> [Endpoint] {
    let (get, post) = (pool.add("GET"), pool.add("POST"))
    return [
      Endpoint(
        method: get, path: pool.add("/api/items/"), numbers: 5000, requestBodyBytes: 0..<1,
        responseBodyBytes: 200..<4000, serverMicroseconds: 500..<4000),
      Endpoint(
        method: post, path: pool.add("/api/orders"), numbers: 0, requestBodyBytes: 100..<3000,
        responseBodyBytes: 40..<400, serverMicroseconds: 1500..<12_000),
      Endpoint(
        method: post, path: pool.add("/shop.Stock/Find"), numbers: 0, requestBodyBytes: 20..<200,
        responseBodyBytes: 30..<900, serverMicroseconds: 300..<2500),
      Endpoint(
        method: get, path: pool.add("/api/prices/"), numbers: 200, requestBodyBytes: 0..<1,
        responseBodyBytes: 100..<300, serverMicroseconds: 400..<2000),
    ]
  }
}
