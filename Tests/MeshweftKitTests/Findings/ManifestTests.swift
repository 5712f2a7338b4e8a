import Testing

@testable import MeshweftKit

@Suite struct `A manifest` {
  @Test(arguments: ["reviews.shop.svc.cluster.local:9080", "reviews:9080", "reviews"])
  func `that names a service is a Service where Kubernetes knows it`(_ service: String) throws {
    let remedies = FailureSentences.remedies(.noRoute, service)
    let yaml = try #require(remedies.compactMap(\.yaml).last)
    #expect(yaml.contains("kind: Service\n") && yaml.contains("  name: reviews\n"))
    #expect(yaml.contains(service.hasSuffix("9080") ? "port: 9080" : "port: 80"))
    #expect(yaml.contains(service.contains("shop") ? "namespace: shop" : "namespace: default"))
  }

  @Test(arguments: [
    ("api.example.com:443", "number: 443", "protocol: TLS"),
    ("api.example.com:8080", "number: 8080", "protocol: HTTP"),
  ])
  func `that names another host is a ServiceEntry with its port`(
    _ service: String, _ number: String, _ name: String
  )
    throws
  {
    let yaml = try #require(FailureSentences.remedies(.passthrough, service).compactMap(\.yaml).last)
    #expect(yaml.contains("kind: ServiceEntry") && yaml.contains("- api.example.com\n"))
    #expect(yaml.contains(number) && yaml.contains(name) && yaml.contains("resolution: DNS"))
  }

  @Test(arguments: ["192.0.2.7:443", "[fd00::1]:8000"])
  func `is none for an address, which has no name to resolve`(_ service: String) {
    #expect(Manifest.serviceEntry(service) == nil)
  }

  /// A name may hold whatever a client sent as its host.
  @Test func `holds nothing of a hostile name but what a host name may hold`() {
    let yaml = Manifest.service("a b\n  evil: true\".shop.svc:80:x")
    #expect(!yaml.contains("evil: true") && !yaml.contains("\""))
    #expect(yaml.split(separator: "\n").count == 9)
  }
}
