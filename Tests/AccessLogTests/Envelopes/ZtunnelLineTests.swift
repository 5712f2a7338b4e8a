import AccessLog
import TestSupport
import Testing

/// What of a ztunnel's line goes where.
@Suite struct `Lines of ztunnels` {
  private static func fields(_ addresses: String, _ direction: String) throws -> TestSupport.JSONValue {
    let text =
      "2025-03-20T15:39:06.706095Z\tinfo\taccess\tconnection complete\t\(addresses) "
      + "dst.service=\"items.shop.svc.cluster.local\" direction=\"\(direction)\" bytes_sent=84 bytes_recv=416 "
      + "duration=\"94ms\""
    let line = text.bytes
    var stripper = EnvelopeStripper()
    let body = try #require(bodyText(stripper.strip(line.span), line, stripper))
    return try TestSupport.JSONValue(parsing: Array(body.utf8))
  }

  @Test func `through a waypoint it went there, and asked for a service`() throws {
    let fields = try Self.fields(
      "src.addr=10.244.2.106:48664 dst.addr=10.244.2.229:15008 dst.hbone_addr=10.0.81.76:8000 "
        + "dst.workload=\"waypoint-5567b86c58-jtj8k\" dst.namespace=\"shop\"", "outbound")
    #expect(fields["upstream_host"]?.string == "10.244.2.229:15008")
    #expect(fields["downstream_local_address"]?.string == "10.0.81.76:8000")
    #expect(fields["authority"]?.string == "shop/waypoint-5567b86c58-jtj8k")
    #expect(fields["protocol"]?.string == "HBONE")
    #expect(fields["upstream_cluster"]?.string == "outbound|8000||items.shop.svc.cluster.local")
  }

  @Test func `to a pod it went to the pod's own port`() throws {
    let fields = try Self.fields(
      "src.addr=10.244.2.106:48664 dst.addr=[fd00::229]:15008 dst.hbone_addr=[fd00:0::229]:8080", "outbound")
    #expect(fields["upstream_host"]?.string == "[fd00:0::229]:8080")
    #expect(fields["downstream_local_address"] == nil && fields["authority"] == nil)
  }

  @Test func `from another network the pod is where it went, not the name that was asked for`() throws {
    let asked = "dst.hbone_addr=items.shop.svc.cluster.local:8000"
    let inbound = try Self.fields("src.addr=10.7.0.7:48664 dst.addr=10.244.3.101:15008 \(asked)", "inbound")
    #expect(inbound["downstream_local_address"]?.string == "10.244.3.101:8000")
    let outbound = try Self.fields("src.addr=10.1.0.7:48664 dst.addr=203.0.113.10:15008 \(asked)", "outbound")
    #expect(outbound["upstream_host"]?.string == "203.0.113.10:15008")
    #expect(outbound["downstream_local_address"] == nil)
  }

  @Test func `without a tunnel it has no protocol`() throws {
    let fields = try Self.fields("src.addr=10.1.0.7:48664 dst.addr=10.244.3.101:8080", "inbound")
    #expect(fields["protocol"] == nil && fields["downstream_local_address"]?.string == "10.244.3.101:8080")
  }
}
