import Testing

@testable import Correlation

struct AssignmentTests {
  @Test(arguments: 1...30, [Assignment<Float>.Ties.without, .column])
  func `the assignment costs no more than any other`(seed: UInt64, ties: Assignment<Float>.Ties) {
    var dice = Dice(state: seed)
    let columns = 4
    let costs = (0..<5).map { _ in (0..<columns).map { _ in Float(dice.roll(-20..<10)) } }
    var solver = Assignment<Float>(columns: columns, ties: ties)
    for row in costs {
      solver.add(row.enumerated().map { .init(column: Int32($0), cost: $1) }[...], none: 3)
    }
    var total: Float = 0
    for (row, column) in solver.columnOf.enumerated() { total += column < 0 ? 3 : costs[row][Int(column)] }
    #expect(total == cheapest(costs[...], free: Set(0..<columns), none: 3))
    let taken = solver.columnOf.filter { $0 >= 0 }
    #expect(Set(taken).count == taken.count)
  }

  /// The least cost by trying everything.
  private func cheapest(_ rows: ArraySlice<[Float]>, free: Set<Int>, none: Float) -> Float {
    guard let row = rows.first else { return 0 }
    var best = none + cheapest(rows.dropFirst(), free: free, none: none)
    for column in free {
      best = min(best, row[column] + cheapest(rows.dropFirst(), free: free.subtracting([column]), none: none))
    }
    return best
  }

  /// Two rows that want the only column as much, and a third that may have it or another one for the same in all.
  private func contested(_ ties: Assignment<Double>.Ties) -> [Int32] {
    var solver = Assignment<Double>(columns: 2, ties: ties)
    solver.add([.init(column: 0, cost: -1)], none: 0)
    solver.add([.init(column: 0, cost: -1)], none: 0)
    solver.add([.init(column: 0, cost: -2), .init(column: 1, cost: -1)], none: 0)
    return solver.columnOf
  }

  @Test func `where all cost the same, rows go without, or take what is free`() {
    #expect(contested(.without) == [-1, -1, 0])
    #expect(contested(.column) == [-1, 0, 1])
  }

  @Test func `a row that is added to what is free takes the cheapest of it`() {
    var solver = Assignment<Double>(columns: 3, ties: .column)
    solver.add([.init(column: 1, cost: -5)], none: 0)
    solver.addToFree([.init(column: 2, cost: -1), .init(column: 1, cost: -9), .init(column: 0, cost: -1)])
    solver.addToFree([.init(column: 0, cost: -9)])
    #expect(solver.columnOf == [1, 0, -1])
    #expect(solver.steps == 5)
  }
}
