/// Min-cost assignment of rows to columns over a sparse set of allowed pairs, where every row may stay without.
///
/// Shortest augmenting paths (Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse
/// linear assignment problems", Computing 38, 1987). A row whose best column is free is settled in one step; only
/// what is contested is searched. Staying without costs nothing (a private column per row), so a pair is worth
/// adding only when its cost is below zero. Ties fall to the lower index: a function of the costs alone.
struct LegAssignment {
  private struct Edge {
    var row: Int32
    var column: Int32
    var cost: Double
  }

  private let rowCount: Int
  private let columnCount: Int
  private var edges: [Edge] = []
  private var starts: [Int32] = []
  private var owner: [Int32]
  private var chosen: [Int32]
  private var chosenCost: [Double]
  private var price: [Double]
  /// Pairs that were looked at, and how many are before what is contested is no longer searched.
  private var steps = 0
  private var limit = Int.max

  /// Pairs that may be looked at for each row, on average, and for all together: where thousands of rows are all alike
  /// every search would lead through all of them. The rows behind take the best column that is free.
  static let stepsPerRow = 4_096
  static let stepsOfAll = 1 << 20

  init(rows: Int, columns: Int) {
    rowCount = rows
    columnCount = columns
    owner = [Int32](repeating: -1, count: columns + rows)
    chosen = [Int32](repeating: -1, count: rows)
    chosenCost = [Double](repeating: 0, count: rows)
    price = [Double](repeating: 0, count: columns + rows)
  }

  /// Allows a pair; one that costs zero or more is never better than none and is left out.
  mutating func add(row: Int, column: Int, cost: Double) {
    assert((0..<rowCount).contains(row) && (0..<columnCount).contains(column) && !cost.isNaN)
    if cost < 0 { edges.append(Edge(row: Int32(row), column: Int32(column), cost: cost)) }
  }

  /// The column of each row, nil for the rows that stay without.
  ///
  /// - Complexity: O(e log e) where nothing is contested; a contested row adds a search of its neighbourhood.
  mutating func solve() -> [Int?] {
    edges.sort { ($0.row, $0.cost, $0.column) < ($1.row, $1.cost, $1.column) }
    starts = [Int32](repeating: 0, count: rowCount + 1)
    for edge in edges { starts[Int(edge.row) + 1] += 1 }
    for row in 0..<rowCount { starts[row + 1] += starts[row] }
    var search = Search(columns: columnCount + rowCount)
    limit = LegAssignment.stepsOfAll + LegAssignment.stepsPerRow * rowCount
    for row in 0..<rowCount { augment(from: Int32(row), &search) }
    return chosen.map { $0 < 0 || $0 >= columnCount ? nil : Int($0) }
  }

  private mutating func augment(from start: Int32, _ search: inout Search) {
    search.clear()
    relax(row: start, base: 0, &search)
    if steps > limit { return takeFree(start) }
    var end: Int32 = -1
    var length = 0.0
    while let (column, distance) = search.nearest() {
      length = distance
      if owner[Int(column)] < 0 {
        end = column
        break
      }
      let row = owner[Int(column)]
      relax(row: row, base: distance - (chosenCost[Int(row)] - price[Int(column)]), &search)
    }
    for column in search.settled where column != end {
      price[Int(column)] += search.distance[Int(column)] - length
    }
    flip(from: start, to: end, search)
  }

  /// Gives a row the cheapest of its columns that nobody has, or none.
  private mutating func takeFree(_ row: Int32) {
    let own = edges[Int(starts[Int(row)])..<Int(starts[Int(row) + 1])]
    let free = own.first { owner[Int($0.column)] < 0 }
    let column = free?.column ?? Int32(columnCount) + row
    owner[Int(column)] = row
    chosen[Int(row)] = column
    chosenCost[Int(row)] = free?.cost ?? 0
  }

  /// Offers every column of `row`, its private one included.
  private mutating func relax(row: Int32, base: Double, _ search: inout Search) {
    steps += Int(starts[Int(row) + 1] - starts[Int(row)]) + 1
    for index in Int(starts[Int(row)])..<Int(starts[Int(row) + 1]) {
      let edge = edges[index]
      search.offer(
        edge.column, base + edge.cost - price[Int(edge.column)], from: row, cost: edge.cost)
    }
    let without = Int32(columnCount) + row
    search.offer(without, base - price[Int(without)], from: row, cost: 0)
  }

  /// Walks the path back from its free end and gives every row on it the column that follows.
  private mutating func flip(from start: Int32, to end: Int32, _ search: Search) {
    var column = end
    while column >= 0 {
      let row = search.before[Int(column)]
      let next = chosen[Int(row)]
      owner[Int(column)] = row
      chosen[Int(row)] = column
      chosenCost[Int(row)] = search.cost[Int(column)]
      if row == start { return }
      column = next
    }
  }

  /// Dijkstra over columns, with arrays that are used again for every row.
  private struct Search {
    var distance: [Double]
    var before: [Int32]
    var cost: [Double]
    var settled: [Int32] = []
    private var done: [Bool]
    private var touched: [Int32] = []
    private var heap: [(distance: Double, column: Int32)] = []

    init(columns: Int) {
      distance = [Double](repeating: .infinity, count: columns)
      before = [Int32](repeating: -1, count: columns)
      cost = [Double](repeating: 0, count: columns)
      done = [Bool](repeating: false, count: columns)
    }

    mutating func clear() {
      for column in touched {
        distance[Int(column)] = .infinity
        done[Int(column)] = false
      }
      touched.removeAll(keepingCapacity: true)
      settled.removeAll(keepingCapacity: true)
      heap.removeAll(keepingCapacity: true)
    }

    mutating func offer(_ column: Int32, _ reach: Double, from row: Int32, cost edgeCost: Double) {
      let place = Int(column)
      if done[place] || reach >= distance[place] { return }
      if distance[place] == .infinity { touched.append(column) }
      distance[place] = reach
      before[place] = row
      cost[place] = edgeCost
      push((reach, column))
    }

    mutating func nearest() -> (column: Int32, distance: Double)? {
      while let top = pop() {
        let place = Int(top.column)
        if done[place] || top.distance > distance[place] { continue }
        done[place] = true
        settled.append(top.column)
        return (top.column, top.distance)
      }
      return nil
    }

    private mutating func push(_ entry: (distance: Double, column: Int32)) {
      heap.append(entry)
      var child = heap.count - 1
      while child > 0, heap[child] < heap[(child - 1) / 2] {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    }

    private mutating func pop() -> (distance: Double, column: Int32)? {
      guard let top = heap.first else { return nil }
      let last = heap.removeLast()
      if heap.isEmpty { return top }
      heap[0] = last
      var parent = 0
      while true {
        var least = parent
        for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
          least = child
        }
        if least == parent { return top }
        heap.swapAt(parent, least)
        parent = least
      }
    }
  }
}
