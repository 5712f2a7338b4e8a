/// Causes of uneven shares where connections are balanced, not requests: an L4 proxy is on the way, or callers that do not
/// balance themselves.

/// There are so few connections that they cannot be even.
enum FewConnections {
  /// One connection, or fewer than hosts: whatever else there is, most hosts can get nothing.
  static func single(_ spread: SpreadCase) -> Finding? {
    guard !spread.all.isDirect else { return nil }
    return open(spread) < Double(spread.shares.counts.count)
      && spread.all.connections.count < spread.all.hosts.count
      ? finding(spread) : nil
  }

  /// Few, and how many each host has explains what it got.
  static func find(_ spread: SpreadCase) -> Finding? {
    let enough = ImbalanceLimits.fewConnectionsPerHost * Double(spread.all.hosts.count)
    // Where a connection is all that there is to a request, each was balanced anew, however few were open at once.
    if spread.all.isTCP, Double(spread.all.connections.count) >= enough { return nil }
    guard !spread.all.isDirect, open(spread) < enough,
      ConnectionPinning.explainedByConnections(spread) >= 0.5
    else { return nil }
    return finding(spread)
  }

  /// Connections that are open at once, on average over the window.
  static func open(_ spread: SpreadCase) -> Double {
    let window = Double(max(1, spread.shares.window.upperBound - spread.shares.window.lowerBound))
    let total = spread.all.connections.reduce(0.0) { sum, connection in
      let pause = Double(connection.last - connection.first) / Double(max(1, connection.requests - 1))
      return sum + min(window, Double(connection.last - connection.first) + pause)
    }
    return max(total / window, Double(min(1, spread.all.connections.count)))
  }

  /// Part of the connections that are open all the time: there are no more of them than that.
  private static let mostlyOpen = 0.8

  private static func finding(_ spread: SpreadCase) -> Finding {
    let count = spread.all.connections.count
    let hosts = spread.all.hosts.count
    let open = open(spread)
    let few =
      open >= Double(count) * mostlyOpen
      ? "\(Quantity.counted(Int64(count), "connection")) over \(Quantity.counted(Int64(hosts), "host")) cannot be even: "
      : "Of \(Quantity.counted(Int64(count), "connection")) about \(Decimals.text(open, digits: 1)) were open at once, too few "
        + "for \(Quantity.counted(Int64(hosts), "host")) to be used evenly: "
    var finding = spread.finding(
      .fewConnections,
      few + "the busiest host gets \(Decimals.text(spread.shares.most, digits: 2)) of its share.")
    finding.numbers += [
      .init("connections", count), .init("open_at_once", open, digits: 1),
    ]
    finding.evidence.append(
      "Requests follow their connections, and there is no other choice of a host than by connection.")
    finding.remedies = [
      .init(
        "More connections spread better: HTTP/1.1 instead of one multiplexed HTTP/2 connection per client, or more client "
          + "pods; each connection holds memory on both sides.", yaml: Manifest.http1(spread.service)),
      .init(
        "Let connections end sooner, so that more of them are balanced; each new one costs a TCP and TLS handshake over "
          + "the border.", yaml: Manifest.maxRequestsPerConnection(spread.service)),
      .init(
        "L7 balancing at the cross-network proxy (ASM 1.22 and later) does not depend on how many there are; it costs CPU per request."
      ),
    ]
    return finding
  }
}
