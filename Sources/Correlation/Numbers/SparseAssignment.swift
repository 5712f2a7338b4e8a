/// The cheapest way to give each row one column, or none at its own price, where few columns suit a row.
///
/// Successive shortest paths with potentials (Jonker and Volgenant 1987, on a sparse graph): rows come one at a
/// time; a Dijkstra search over reduced costs finds the cheapest chain of "takes the place of" that ends at a free
/// column, or at a row that goes without. Rows near in time share columns, so a search stays local, and the whole
/// takes about n log n.
struct SparseAssignment {
  /// One column that a row may take.
  struct Edge {
    var column: Int32
    var cost: Float
  }

  private var edges: [Edge] = []
  private var edgeStart: [Int32] = [0]
  private var priceOfNone: [Float] = []
  private var rowPotential: [Float] = []
  private var columnPotential: [Float]
  private var rowOf: [Int32]
  /// The column that each row got, -1 for none.
  private(set) var columnOf: [Int32] = []

  private var distance: [Float]
  private var cameFrom: [Int32]
  private var reached: [Int32] = []
  private var settled: [Int32] = []
  private var isSettled: [Bool]
  private var heap = DistanceHeap()
  /// Pairs of rows and columns that were looked at.
  private(set) var steps = 0

  init(columns: Int) {
    columnPotential = [Float](repeating: 0, count: columns)
    rowOf = [Int32](repeating: -1, count: columns)
    distance = [Float](repeating: .infinity, count: columns)
    cameFrom = [Int32](repeating: -1, count: columns)
    isSettled = [Bool](repeating: false, count: columns)
  }

  /// Adds a row and makes room for it at the least cost to all.
  mutating func add(_ rowEdges: [Edge], none: Float) {
    assert(rowEdges.allSatisfy { columnPotential.indices.contains(Int($0.column)) && !$0.cost.isNaN })
    let row = columnOf.count
    edges.append(contentsOf: rowEdges)
    edgeStart.append(Int32(edges.count))
    priceOfNone.append(none)
    columnOf.append(-1)
    var potential = none
    for edge in rowEdges { potential = min(potential, edge.cost - columnPotential[Int(edge.column)]) }
    rowPotential.append(potential)
    augment(from: row)
  }

  private mutating func augment(from first: Int) {
    heap.removeAll()
    reached.removeAll(keepingCapacity: true)
    settled.removeAll(keepingCapacity: true)
    var bestNone: (distance: Float, row: Int) = (.infinity, first)
    var end = -1
    var total: Float = .infinity
    relax(first, at: 0, &bestNone)
    while let (reach, column) = heap.pop() {
      if bestNone.distance <= reach { break }
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

  private mutating func relax(_ row: Int, at reach: Float, _ bestNone: inout (distance: Float, row: Int)) {
    let none = reach + max(0, priceOfNone[row] - rowPotential[row])
    if none < bestNone.distance { bestNone = (none, row) }
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

  private mutating func updatePotentials(_ first: Int, _ total: Float) {
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
private struct DistanceHeap {
  private var items: [(distance: Float, column: Int32)] = []

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  mutating func push(_ distance: Float, _ column: Int32) {
    items.append((distance, column))
    var place = items.count - 1
    while place > 0, items[place] < items[(place - 1) / 2] {
      items.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func pop() -> (Float, Int32)? {
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
