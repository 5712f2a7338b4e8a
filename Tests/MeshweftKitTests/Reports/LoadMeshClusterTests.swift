import Testing

@testable import MeshweftKit

@Suite struct `The mesh cluster of a row of load` {
  private func group(server: String? = nil, proxy: String? = nil, client: String? = nil) -> LegTable.Group {
    func pod(_ meshCluster: String?) -> LegTable.Workload? {
      meshCluster.map { .init(meshCluster: $0, workload: "web", pod: "web-1") }
    }
    return LegTable.Group(
      service: "shop:80", host: "10.0.0.1:80", client: pod(client), proxy: pod(proxy), server: pod(server))
  }

  /// Groups, what a row is about, and what is to be said of it in whatever order they come.
  private static let cases: [([(server: String?, proxy: String?)], LoadOptions.Grouping, String?)] = [
    ([(nil, "one"), ("two", "one")], .host, "two"),
    ([("three", nil), ("two", "one")], .host, "three"),
    ([(nil, "two"), (nil, "one")], .host, "one"),
    ([(nil, "one"), (nil, nil)], .service, nil),
    ([("two", "one"), (nil, "three")], .service, "two"),
    ([("two", "one"), (nil, "three")], .proxy, "one"),
    ([(nil, nil)], .host, nil),
  ]

  @Test(arguments: Self.cases.indices)
  func `is that of a server's own line, the first by name`(number: Int) {
    let (pods, grouping, expected) = Self.cases[number]
    for pods in [pods, pods.reversed()] {
      var meshCluster = LoadMeshCluster()
      for pod in pods { meshCluster.add(group(server: pod.server, proxy: pod.proxy), grouping) }
      #expect(meshCluster.name == expected)
    }
  }
}
