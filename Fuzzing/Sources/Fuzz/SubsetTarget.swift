internal import AccessLog

/// Istio's names of upstream clusters, in both spellings.
enum SubsetTarget {
  static func run(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    guard let key = SubsetKey(text) else { return }
    Fuzz.require((0...65_535).contains(key.port), "a port of \(key.port)")
    // What the name can hold is read back from it. A `;` at the end is not a part of it (istio#54219).
    if !key.host.hasSuffix(";") {
      Fuzz.require(SubsetKey(key.clusterName) == key, "\(key.clusterName) is read as another key")
    }
    let isServerName =
      !key.host.isEmpty && !(key.subset + key.host).contains("|") && !key.subset.contains("_")
    if isServerName, !key.host.hasSuffix(";") {
      Fuzz.require(SubsetKey(key.serverName) == key, "\(key.serverName) is read as another key")
    }
    Fuzz.require(key.service.hasSuffix(":\(key.port)"), "a service without its port")
  }
}
