internal import TraceStore

/// All kinds, in the order in which they are looked for.
enum FindingKinds {
  static func find(_ context: FindingContext, _ reader: StoreReader, service: String?) throws -> [Finding] {
    var found: [Finding] = []
    for spread in context.services {
      let verdict = SpreadVerdict(spread)
      let own: Set<FindingKind> = [.slowHost, .surge]
      if let cause = verdict.cause, !own.contains(cause.kind) { found.append(cause) }
      found += SlowHost.find(spread)
      // Those who take over get all at once, as they should.
      if verdict.cause?.kind != .failover { found += Surge.find(spread) }
    }
    found += IdleHost.find(context) + SlowProxy.find(context)
    // Proxies with hosts of their own say it already.
    if !found.contains(where: { $0.kind == .proxyShare }) { found += UnevenProxies.find(context) }
    found += Failures(context).findings
    found += try LogFindings.find(context, reader)
    if let service {
      found = found.filter { finding in
        finding.subject.service.map { FindingContext.fits($0, service) } ?? true
      }
    }
    return found.sorted { left, right in
      if left.severity != right.severity { return left.severity > right.severity }
      return (left.kind.order, left.sentence) < (right.kind.order, right.sentence)
    }
  }
}

extension FindingKind {
  fileprivate var order: Int { FindingKind.allCases.firstIndex(of: self) ?? 0 }
}
