/// The next event of an open connection.
struct Event: HeapEntry {
  let microseconds: Int
  let slot: Int

  func isBefore(_ other: Event) -> Bool { (microseconds, slot) < (other.microseconds, other.slot) }
}
