/// What the proxy was for a line, as `hops --role` takes it.
public enum HopRole: String, Sendable, CaseIterable {
  case client, server, proxy, gateway, unknown
}
