/// The cheapest way to give each row one column, or none at a price of its own, where few columns suit a row.
///
/// Shortest augmenting paths with potentials (Jonker and Volgenant, "A shortest augmenting path algorithm for dense and
/// sparse linear assignment problems", Computing 38, 1987), on a sparse graph: rows come one at a time, and a Dijkstra
/// search over reduced costs finds the cheapest chain of "takes the place of" that ends at a free column, or at a row
/// that goes without. A row whose best column is free is settled in one step; only what is contested is searched.
///
/// - Complexity: O(e log e) where nothing is contested; a contested row adds a search of its neighbourhood.
struct Assignment<Cost: BinaryFloatingPoint> {
  /// One column that a row may take.
  struct Edge {
    var column: Int32
    var cost: Cost
  }

  /// Where a search ends when several ends cost the same.
  enum Ties {
    /// At the row that goes without and was found first: the new one, where it is among them.
    case without
    /// At the free column with the lowest number, else at the lowest row that goes without.
    case column
  }

  private let ties: Ties
  private var edges: [Edge] = []
  private var edgeStart: [Int32] = [0]
  private var priceOfNone: [Cost] = []
  private var rowPotential: [Cost] = []
  private var columnPotential: [Cost]
  private var rowOf: [Int32]
  /// The column that each row got, -1 for none.
  private(set) var columnOf: [Int32] = []

  private var distance: [Cost]
  private var cameFrom: [Int32]
  private var reached: [Int32] = []
  private var settled: [Int32] = []
  private var isSettled: [Bool]
  private var heap = DistanceHeap<Cost>()
  /// Pairs of rows and columns that were looked at.
  private(set) var steps = 0
  /// Rows whose pairs were.
  private(set) var searches = 0

  init(columns: Int, ties: Ties) {
    self.ties = ties
    columnPotential = [Cost](repeating: 0, count: columns)
    rowOf = [Int32](repeating: -1, count: columns)
    distance = [Cost](repeating: .infinity, count: columns)
    cameFrom = [Int32](repeating: -1, count: columns)
    isSettled = [Bool](repeating: false, count: columns)
  }

  /// Adds a row and makes room for it at the least cost to all.
  mutating func add(_ rowEdges: ArraySlice<Edge>, none: Cost) {
    assert(rowEdges.allSatisfy { columnPotential.indices.contains(Int($0.column)) && !$0.cost.isNaN })
    let row = columnOf.count
    assert(row == rowPotential.count, "a row after one of addToFree")
    edges.append(contentsOf: rowEdges)
    edgeStart.append(Int32(edges.count))
    priceOfNone.append(none)
    columnOf.append(-1)
    var potential = none
    for edge in rowEdges { potential = min(potential, edge.cost - columnPotential[Int(edge.column)]) }
    rowPotential.append(potential)
    augment(from: row)
  }

  /// Adds a row that takes the cheapest of its columns that nobody has, or none. Nothing is searched, so what all cost
  /// together is no longer the least: the rows behind it are added in this way, too.
  mutating func addToFree(_ rowEdges: ArraySlice<Edge>) {
    var best: Edge?
    for edge in rowEdges where rowOf[Int(edge.column)] < 0 {
      if let known = best, (known.cost, known.column) <= (edge.cost, edge.column) { continue }
      best = edge
    }
    steps &+= rowEdges.count
    searches &+= 1
    if let best { rowOf[Int(best.column)] = Int32(columnOf.count) }
    columnOf.append(best?.column ?? -1)
  }

  private mutating func augment(from first: Int) {
    heap.removeAll()
    reached.removeAll(keepingCapacity: true)
    settled.removeAll(keepingCapacity: true)
    var bestNone: (distance: Cost, row: Int) = (.infinity, first)
    var end = -1
    var total: Cost = .infinity
    relax(first, at: 0, &bestNone)
    while let (reach, column) = heap.pop() {
      if bestNone.distance < reach || (ties == .without && bestNone.distance == reach) { break }
      let column = Int(column)
      if isSettled[column] || reach > distance[column] { continue }
      if rowOf[column] < 0 {
        end = column
        total = reach
        break
      }
      isSettled[column] = true
      settled.append(Int32(column))
      relax(Int(rowOf[column]), at: reach, &bestNone)
    }
    if end < 0 { total = bestNone.distance }
    updatePotentials(first, total)
    flip(first, end: end, none: bestNone.row)
    for column in reached {
      distance[Int(column)] = .infinity
      isSettled[Int(column)] = false
    }
  }

  private mutating func relax(_ row: Int, at reach: Cost, _ bestNone: inout (distance: Cost, row: Int)) {
    let none = reach + max(0, priceOfNone[row] - rowPotential[row])
    if none < bestNone.distance || (none == bestNone.distance && ties == .column && row < bestNone.row) {
      bestNone = (none, row)
    }
    searches &+= 1
    steps &+= Int(edgeStart[row + 1] - edgeStart[row])
    for place in Int(edgeStart[row])..<Int(edgeStart[row + 1]) {
      let column = Int(edges[place].column)
      let step = max(0, edges[place].cost - rowPotential[row] - columnPotential[column])
      let next = reach + step
      guard next < distance[column], !isSettled[column] else { continue }
      if distance[column] == .infinity { reached.append(Int32(column)) }
      distance[column] = next
      cameFrom[column] = Int32(row)
      heap.push(next, Int32(column))
    }
  }

  private mutating func updatePotentials(_ first: Int, _ total: Cost) {
    rowPotential[first] += total
    for column in settled {
      let slack = total - distance[Int(column)]
      rowPotential[Int(rowOf[Int(column)])] += slack
      columnPotential[Int(column)] -= slack
    }
  }

  /// Hands the columns along the path on, from its end back to the new row.
  private mutating func flip(_ first: Int, end: Int, none: Int) {
    var column = end
    if column < 0 {
      column = Int(columnOf[none])
      columnOf[none] = -1
      if none == first { return }
    }
    while true {
      let row = Int(cameFrom[column])
      let previous = Int(columnOf[row])
      rowOf[column] = Int32(row)
      columnOf[row] = Int32(column)
      if row == first { return }
      column = previous
    }
  }
}

/// A binary heap of (distance, column); equal distances leave in the order of their columns.
private struct DistanceHeap<Cost: BinaryFloatingPoint> {
  private var items: [(distance: Cost, column: Int32)] = []

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  mutating func push(_ distance: Cost, _ column: Int32) {
    items.append((distance, column))
    var place = items.count - 1
    while place > 0, items[place] < items[(place - 1) / 2] {
      items.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func pop() -> (Cost, Int32)? {
    guard let top = items.first, let last = items.popLast() else { return nil }
    guard !items.isEmpty else { return top }
    items[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < items.count && items[child] < items[least] {
        least = child
      }
      if least == place { return top }
      items.swapAt(place, least)
      place = least
    }
  }
}
