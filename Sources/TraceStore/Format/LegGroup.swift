/// What attempts have in common that one row of the rollup counts. Ids are the store's own, 0 where not known.
package struct LegGroup: Hashable, Sendable {
  /// `text.id` and port.
  package var serviceHost: Int64 = 0
  package var servicePort: Int64 = 0
  /// An address as the store keeps it: IPv4 and port in one number, or minus `text.id`.
  package var host: Int64 = 0
  /// `source.id` of the pod that had the address then.
  package var hostSource: Int64 = 0
  /// `source.id`, the first of a pod's logs.
  package var client: Int64 = 0
  package var firstProxy: Int64 = 0
  /// All before `proxy` where they are more than one, from the client on; `firstProxy` is 0 then.
  package var chain: [Int64] = []
  package var proxy: Int64 = 0
  package var server: Int64 = 0
  package var carrierStatus: Int64 = 0
  /// `ResponseFlags.rawValue`
  package var responseFlags: Int64 = 0
  /// The response code of failures, -1 for the others; -2 of TCP connections, -3 of those with a flag.
  package var failureCode: Int64 = -1

  package init() {}
}
