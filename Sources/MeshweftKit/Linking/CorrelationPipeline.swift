internal import Dispatch
internal import Synchronization
internal import TraceStore

/// Links units of time on three threads: while one unit's links are written, the next one's hops are correlated and
/// the one after that is loaded. A unit waits before each of the two steps at most, which bounds memory; a large one does
/// not.
final class CorrelationPipeline: Sendable {
  /// Moved to the writing thread at its start and not touched by another one until it has ended.
  private struct Handle: @unchecked Sendable { let writer: StoreWriter }

  /// What is done.
  struct Written {
    /// Hops whose links were looked after.
    var hops = 0
    var units: [ClosedRange<Int64>: UnitState] = [:]
  }

  /// Rows of rollups, of half a kilobyte each, beyond which a unit does not wait: nearly each of its hops is of another pod.
  private static let manyLegs = 1 << 13

  private let handle: Handle
  private let loaded = BatchQueue<LoadedUnit>(capacity: 1)
  private let correlated = BatchQueue<CorrelatedUnit>(capacity: 1)
  private let outcome = Mutex<Result<Written, StoreError>>(.success(Written()))
  private let done = DispatchSemaphore(value: 0)

  /// - Parameter writer: in a transaction, which takes all that is written.
  init(writer: StoreWriter) { handle = Handle(writer: writer) }

  func start() {
    DispatchQueue(label: "meshweft.correlator").async { [self] in
      while let unit = loaded.take() {
        guard !hasFailed else { continue }
        let result = CorrelatedUnit(unit)
        correlated.put(result, untilTaken: result.legs.count > CorrelationPipeline.manyLegs)
      }
      correlated.close()
    }
    DispatchQueue(label: "meshweft.links").async { [self] in
      do throws(StoreError) {
        let written = try writeAll()
        outcome.withLock { $0 = .success(written) }
      } catch {
        outcome.withLock { $0 = .failure(error) }
        // So that nobody waits for room for ever.
        while correlated.take() != nil {}
      }
      done.signal()
    }
  }

  /// Waits for room.
  func put(_ unit: LoadedUnit) { loaded.put(unit) }

  /// Whether it is no use to go on.
  var hasFailed: Bool {
    outcome.withLock { if case .failure = $0 { true } else { false } }
  }

  /// Waits until everything that was put is written.
  func finish() throws(StoreError) -> Written {
    loaded.close()
    done.wait()
    return try outcome.withLock { $0 }.get()
  }

  private func writeAll() throws(StoreError) -> Written {
    var units = UnitWriter(handle.writer)
    while let unit = correlated.take() { try units.write(unit) }
    return Written(hops: units.hops, units: try units.takeAll())
  }
}
