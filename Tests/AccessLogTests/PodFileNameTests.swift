import Testing

@testable import AccessLog

/// Which names of files say whose log it is: see `PodFileName`.
@Suite struct `A file's name` {
  @Test(arguments: [
    "ack1.default.sleep-x.istio-proxy.log", "ack1.default.sleep-84zcnwcbq2-9pcxq.istio-proxy.log.gz",
    "ack1.istio-system.istio-asm-cross-network-8k8tfm9nc4-h2jjx.istio-proxy.log",
    "1.default.web-0.istio-proxy.log",
    "ack1.kube-system.ztunnel-9pcxq.ztunnel.log",
    "gke_acme_europe-west1_Prod.shop.web-6d4f8c7b9d-b2b2b.web.log",
    "ack1.shop.v1.2.web-6d4f8c7b9d-b2b2b.sidecar.log",
  ])
  func `of a pod names its mesh cluster`(name: String) throws {
    let identity = try #require(Origin<String>(fileName: name))
    #expect(identity.meshCluster == name.split(separator: ".").first.map(String.init))
    #expect(!identity.namespace.isEmpty && !identity.pod.isEmpty && !identity.container.isEmpty)
  }

  @Test(arguments: [
    "web001.eu.example.com.log", "access.2024.01.02.log", "access.2024.01.02.03.log.gz", "a.b.c.d.log",
    "eu.prod.web-12.com.log", "www.shop.example.co.uk.log", "10.0.0.1.log", "host.example.com.access.log",
    "ack1.default.Sleep-9pcxq.istio-proxy.log", "ack1.default.-x.istio-proxy.log",
    "ack1.default..istio-proxy.log",
    "ack1.default.sleep_x.istio-proxy.log", "-ack1.default.sleep-x.istio-proxy.log",
    "default.sleep-x.istio-proxy.log",
    "ack1.default.sleep-x.istio-proxy.txt",
  ])
  func `of anything else names none`(name: String) {
    #expect(Origin<String>(fileName: name) == nil)
  }
}
