internal import ArgumentParser

/// What the mesh of `CallSimulation` is like: the axes along which its log can be made harder.
struct CallShape {
  /// How lines are divided among files.
  enum Files: String, CaseIterable, ExpressibleByArgument {
    /// One per pod.
    case pod
    /// One per ten pods, each line with its pod's name in front, as `kubectl logs --prefix` writes it.
    case node
    /// One for all pods, with names in front.
    case one
  }

  /// What request ids tell.
  enum IDs: String, CaseIterable, ExpressibleByArgument {
    /// One id in all hops of a trace: apps pass it on.
    case trace
    /// One id at both ends of a call: apps pass nothing on.
    case call
    /// Another id at each end of a call that crosses the border, one at both ends of others.
    case rewritten
  }

  /// Hops a second, on average.
  var rate: Int
  var services: Int
  /// Of each service.
  var pods: Int
  /// Pods that nobody calls, and that begin each trace.
  var clients: Int
  /// Calls below each other, 1 or more.
  var depth: Int
  /// Of a hundred calls, those that leave for the other mesh cluster.
  var borderPercent: Int
  /// Of a hundred pairs of a pod and a service, those that speak HTTP/2.
  var http2Percent: Int
  var ids: IDs
  var files: Files
}
