/// What a heap puts in order.
protocol HeapEntry {
  func isBefore(_ other: Self) -> Bool
}
