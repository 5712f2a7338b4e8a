/// What was odd about a line that is a hop all the same. Bits are stored and never change.
package struct Anomalies: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A key occurred twice; the first value was taken.
  package static let duplicateKey = Anomalies(rawValue: 1 << 0)
  /// An unescaped quote was repaired from the source's key order.
  package static let repaired = Anomalies(rawValue: 1 << 1)
  /// Bytes that are not UTF-8, lone surrogates or unknown escapes became U+FFFD.
  package static let replacedText = Anomalies(rawValue: 1 << 2)
  /// A number was negative, out of range or not a number, and is missing now.
  package static let badNumber = Anomalies(rawValue: 1 << 3)
  /// An address is not one (masked, a name, port out of range) and is kept as text.
  package static let oddAddress = Anomalies(rawValue: 1 << 4)
  /// requested_server_name or upstream_cluster holds characters that no host name has.
  package static let oddName = Anomalies(rawValue: 1 << 5)
  /// The leap second 23:59:60 was taken as the next second's start.
  package static let leapSecond = Anomalies(rawValue: 1 << 6)
  /// A value was longer than `Limits.valueBytes` and was cut.
  package static let cutValue = Anomalies(rawValue: 1 << 7)

  package static let names: [(Anomalies, String)] = [
    (.duplicateKey, "duplicate_key"), (.repaired, "repaired"), (.replacedText, "replaced_text"),
    (.badNumber, "bad_number"), (.oddAddress, "odd_address"), (.oddName, "odd_name"),
    (.leapSecond, "leap_second"), (.cutValue, "cut_value"),
  ]

  package var names: [String] { Anomalies.names.filter { contains($0.0) }.map(\.1) }
}
