internal import Correlation

/// What stands out in a set of paths, in sentences.
struct PathFindings {
  let sentences: [String]

  init(_ paths: [PathSummary]) {
    sentences = PathFindings.bypasses(paths) + PathFindings.lost(paths)
  }

  /// Requests that cross mesh clusters without the proxy that others between the same two ends take: their pods
  /// were often started before the mesh knew of the network.
  private static func bypasses(_ paths: [PathSummary]) -> [String] {
    let proxied = Dictionary(
      paths.lazy.filter { !$0.way.via.isEmpty }.map { (Crossing($0.way), $0) },
      uniquingKeysWith: { first, _ in first })
    return paths.compactMap { path in
      guard path.way.carrierStatus == .direct, path.way.via.isEmpty, let from = path.way.from,
        let to = path.way.to,
        from.meshCluster != to.meshCluster, let proxied = proxied[Crossing(path.way)]
      else { return nil }
      let pods = path.pods.sorted().prefix(3).map { Shown.text($0, limit: 80) }.joined(separator: ", ")
      return
        "\(Quantity.counted(path.requests, "request")) of \(from) to \(path.way.service) bypass \(proxied.way.via[0]), which "
        + "\(Quantity.grouped(proxied.requests)) others take; by \(pods)\(path.pods.count > 3 ? ", …" : ""). Pods that were started "
        + "before the network was configured keep their old endpoints: restart them."
    }
  }

  /// What paths between the same two ends have in common.
  private struct Crossing: Hashable {
    var service: String
    var from: String?
    var to: String?

    init(_ way: PathSummary.Way) {
      (service, from, to) = (way.service, way.from?.meshCluster, way.to?.meshCluster)
    }
  }

  private static func lost(_ paths: [PathSummary]) -> [String] {
    var ends: [PathSummary.End: Int64] = [:]
    for path in paths where path.way.end != .server { ends[path.way.end, default: 0] += path.failures }
    let words: [(PathSummary.End, String)] = [
      (.client, "sent nowhere by the client's sidecar"),
      (
        .sent,
        "sent, and no line of a proxy or server is linked with them; `meshweft findings` says why they failed"
      ),
      (.proxy, "carried by a proxy, and no server logged it"),
    ]
    return words.compactMap { end, text in
      ends[end].flatMap { $0 > 0 ? "\(Quantity.counted($0, "failed request")): \(text)." : nil }
    }
  }
}
