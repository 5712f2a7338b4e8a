internal import TraceStore

/// Mesh clusters whose clocks are apart.
enum Clocks {
  /// Microseconds.
  private static let limit = 50_000.0

  static func find(_ reader: StoreReader, _ context: FindingContext) throws -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    for clock in try reader.clocks() {
      let (from, to) = (clock.clientMeshCluster, clock.serverMeshCluster)
      let (offset, uncertainty) = (clock.offset, clock.uncertainty)
      guard abs(offset) > max(limit, 3 * uncertainty), seen.insert("\(from) \(to)").inserted else { continue }
      var finding = Finding(
        kind: .clockSkew, severity: .info, from: clock.reference, to: clock.reference,
        sentence:
          "\(Shown.text(to, limit: 60))'s clock is \(Decimals.text(abs(offset) / 1000, digits: 0)) ms "
          + "\(offset > 0 ? "ahead of" : "behind") \(Shown.text(from, limit: 60))'s.")
      finding.subject.meshCluster = to
      finding.numbers = [
        .init("offset_ms", offset / 1000, digits: 0), .init("uncertainty_ms", uncertainty / 1000, digits: 0),
      ]
      finding.evidence = ["`meshweft clocks` shows it over time; meshweft allows for it."]
      finding.remedies = [.init("Check NTP on the nodes.")]
      findings.append(finding)
    }
    return findings
  }
}
