/// Connections that were met under the same groups of attempts. Who counts them tells them apart: to do it here, too, took
/// a tenth of `imbalance`.
final class ConnectionClass: Sendable {
  let keys: ConnectionKeys

  init(_ keys: ConnectionKeys) { self.keys = keys }
}
