/// That one connection is among those which are interrupted, as long as this is there.
final class InterruptibleConnection {
  private let connection: UInt

  init(_ handle: OpaquePointer) {
    connection = UInt(bitPattern: handle)
    StoreInterruption.slots.add(connection)
  }

  deinit { StoreInterruption.slots.remove(connection) }
}
