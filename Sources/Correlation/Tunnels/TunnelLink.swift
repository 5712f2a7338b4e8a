/// Two lines of one connection: its caller's and that of whom it called, by their places.
struct TunnelLink {
  var caller: Int
  var called: Int
  var confidence: Double
  var evidence: Evidence
}
