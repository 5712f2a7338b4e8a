/// How uneven a service may be.
public struct FailOn: Sendable {
  private let limit: Double

  /// Reads `max-mean=1.5`. Throws `UsageError` for anything else.
  public init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, parts[0] == "max-mean", let limit = Double(parts[1]), limit >= 1,
      limit.isFinite
    else {
      throw UsageError("--fail-on takes max-mean=N with N of 1 or more, not \(Shown.text(text, limit: 40))")
    }
    self.limit = limit
  }

  /// A service that is uneven beyond chance, and beyond the limit.
  func finding(_ service: ServiceImbalance) -> String? {
    let requests = service.spread.requests
    guard requests.isSignificant, requests.hosts > 1, requests.maxOverMean > limit else { return nil }
    // Hosts that came or went are held to what they could get while they were there.
    let most = service.conclusion.map { min($0.shares.most, requests.maxOverMean) } ?? requests.maxOverMean
    guard most > limit else { return nil }
    let found = Decimals.text(most, digits: 2)
    return
      "\(Shown.text(service.spread.service, limit: 200)): max/mean \(found) is above \(Decimals.text(limit, digits: 2, trimmed: true))"
  }
}
