/// A connection through a proxy as both ends' lines show it: which run of each end's hops it is, -1 where unknown.
struct Wire {
  var clients: Int32
  var servers: Int32
  /// The mesh cluster on whose clock its end is told: the proxy's.
  var meshCluster: Int32
}
