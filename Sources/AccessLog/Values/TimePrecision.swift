/// How exact a line's times are: the finer of what its format could say.
package struct TimePrecision: Sendable, Hashable {
  /// Microseconds per unit of start_time and of duration: 1, 1000 or 1 000 000.
  package var startMicroseconds: Int32
  package var durationMicroseconds: Int32

  package init(startMicroseconds: Int32, durationMicroseconds: Int32) {
    self.startMicroseconds = startMicroseconds
    self.durationMicroseconds = durationMicroseconds
  }
}
