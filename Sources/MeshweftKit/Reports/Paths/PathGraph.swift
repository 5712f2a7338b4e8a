/// The paths as a picture that others draw.
struct PathGraph {
  private let paths: [PathSummary]

  init(_ paths: [PathSummary]) { self.paths = paths }

  private struct Node: Hashable {
    var name: String
    var meshCluster: String
    var isProxy: Bool
    /// A service that no log tells of, or nobody knows who.
    var isGuess = false
  }

  private struct Edge: Hashable {
    var from: Node
    var to: Node
  }

  private struct Flow {
    /// Or TCP connections.
    var requests: Int64 = 0
    var failures: Int64 = 0
  }

  /// Flows between neighbours, in the order of their first path.
  private var flows: [(edge: Edge, flow: Flow)] {
    var order: [Edge] = []
    var flows: [Edge: Flow] = [:]
    for path in paths {
      let stops = PathGraph.stops(path.way)
      for (from, to) in zip(stops, stops.dropFirst()) {
        let edge = Edge(from: from, to: to)
        if flows[edge] == nil { order.append(edge) }
        flows[edge, default: Flow()].requests += path.requests + path.connections
        flows[edge, default: Flow()].failures += path.failures
      }
    }
    return order.map { ($0, flows[$0] ?? Flow()) }
  }

  private static func stops(_ way: PathSummary.Way) -> [Node] {
    func node(_ place: PathSummary.Place, _ isProxy: Bool) -> Node {
      Node(name: place.workload, meshCluster: place.meshCluster, isProxy: isProxy)
    }
    let from =
      way.from.map { node($0, false) }
      ?? Node(name: "unknown", meshCluster: "", isProxy: false, isGuess: true)
    let to =
      way.to.map { node($0, false) }
      ?? Node(
        name: way.service.isEmpty ? "unknown" : way.service, meshCluster: "", isProxy: false, isGuess: true)
    return [from] + way.via.map { node($0, true) } + [to]
  }

  /// The whole picture. Names from logs are quoted and escaped; widths follow the requests, red the failures.
  func text(_ language: GraphReport.Form) -> String {
    let flows = flows
    let nodes = Nodes(flows.lazy.map(\.edge))
    return language == .dot ? dot(nodes, flows) : mermaid(nodes, flows)
  }

  /// The ends of all edges, each once and numbered in the order in which they came.
  private struct Nodes {
    /// By name of the mesh cluster, ascending; each with its nodes by number.
    private(set) var clusters: [(name: String, members: [(number: Int, node: Node)])] = []
    private var numbers: [Node: Int] = [:]

    init(_ edges: some Sequence<Edge>) {
      var members: [String: [(number: Int, node: Node)]] = [:]
      for edge in edges {
        for node in [edge.from, edge.to] where numbers[node] == nil {
          members[node.meshCluster, default: []].append((numbers.count, node))
          numbers[node] = numbers.count
        }
      }
      clusters = members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Of the ends of an edge that is among these.
    func numbers(of edge: Edge) -> (from: Int, to: Int)? {
      guard let from = numbers[edge.from], let to = numbers[edge.to] else { return nil }
      return (from, to)
    }
  }

  private func dot(_ nodes: Nodes, _ flows: [(edge: Edge, flow: Flow)]) -> String {
    var lines = [
      "digraph mesh {", "  graph [rankdir=LR, fontname=\"sans-serif\"];",
      "  node [shape=box, style=rounded, fontname=\"sans-serif\"];",
      "  edge [fontname=\"sans-serif\", fontsize=11];",
    ]
    for (number, (cluster, members)) in nodes.clusters.enumerated() {
      let indent = cluster.isEmpty ? "  " : "    "
      if !cluster.isEmpty {
        lines += ["  subgraph cluster_\(number) {", "    label=\(PathGraph.quoted(cluster));"]
      }
      lines += members.map { index, node in
        let shape = node.isProxy ? ", shape=hexagon" : node.isGuess ? ", style=\"rounded,dashed\"" : ""
        return "\(indent)n\(index) [label=\(PathGraph.quoted(node.name))\(shape)];"
      }
      if !cluster.isEmpty { lines.append("  }") }
    }
    let most = Double(flows.map(\.flow.requests).max() ?? 1)
    for (edge, flow) in flows {
      guard let (from, to) = nodes.numbers(of: edge) else { continue }
      let width = Decimals.text(1 + 5 * Double(flow.requests) / max(1, most), digits: 1)
      let color = PathGraph.color(flow).map { ", color=\"\($0)\"" } ?? ""
      lines.append(
        "  n\(from) -> n\(to) [label=\(PathGraph.quoted(label(flow))), penwidth=\(width)\(color)];")
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  /// As on the page: amber for one failure in a hundred, red for one in twenty.
  private static func color(_ flow: Flow) -> String? {
    if flow.failures * 20 > flow.requests { return "#c0392b" }
    return flow.failures * 100 > flow.requests ? "#d68910" : nil
  }

  private func mermaid(_ nodes: Nodes, _ flows: [(edge: Edge, flow: Flow)]) -> String {
    var lines = ["flowchart LR"]
    for (number, (cluster, members)) in nodes.clusters.enumerated() {
      if !cluster.isEmpty { lines.append("  subgraph c\(number)[\(PathGraph.entities(cluster))]") }
      lines += members.map { index, node in
        let label = PathGraph.entities(node.name)
        return node.isProxy ? "    n\(index){{\(label)}}" : "    n\(index)(\(label))"
      }
      if !cluster.isEmpty { lines.append("  end") }
    }
    for (edge, flow) in flows {
      guard let (from, to) = nodes.numbers(of: edge) else { continue }
      lines.append("  n\(from) -->|\(PathGraph.entities(label(flow)))| n\(to)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func label(_ flow: Flow) -> String {
    let failed = flow.failures > 0 ? ", \(Quantity.grouped(flow.failures)) failed" : ""
    return Quantity.grouped(flow.requests) + failed
  }

  /// A DOT string: only quotes and backslashes mean anything in it.
  static func quoted(_ text: String) -> String {
    let shown = Shown.text(text, limit: 100)
    return "\"" + shown.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// A Mermaid string: everything but letters, digits and harmless signs as a character reference.
  private static func entities(_ text: String) -> String {
    let harmless = Set(" .-_:/@+,%")
    let escaped = Shown.text(text, limit: 100).unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || harmless.contains(Character(scalar))
        ? String(scalar) : "#\(scalar.value);"
    }
    return "\"" + escaped.joined() + "\""
  }
}
