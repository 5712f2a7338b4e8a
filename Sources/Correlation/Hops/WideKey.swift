/// 128 bits that name a request or a trace.
package struct WideKey: Hashable, Sendable, Comparable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package static let missing = WideKey(high: 0, low: 0)

  package var isMissing: Bool { high == 0 && low == 0 }

  package static func < (left: WideKey, right: WideKey) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
