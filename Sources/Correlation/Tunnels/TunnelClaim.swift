/// A request went over a ztunnel's connection; both by their places.
struct TunnelClaim {
  var request: Int
  var tunnel: Int
  var confidence: Double
}
