/// An IP address, the same however it was written: an IPv4 address within IPv6 (`::ffff:10.0.0.1`, RFC 4291 2.5.5.2) is that
/// IPv4 address, which is what a socket of both families calls it.
package struct IPAddress: Sendable, Hashable {
  /// The lower 32 bits of an IPv4 address, else 0 and the upper half of an IPv6 address.
  private let high: UInt64
  private let low: UInt64
  package let isIPv4: Bool
  /// Of a link-local IPv6 address, as it was written (RFC 4007); empty where there is none.
  package let zone: String

  private init(high: UInt64, low: UInt64, isIPv4: Bool, zone: String = "") {
    (self.high, self.low, self.isIPv4, self.zone) = (high, low, isIPv4, zone)
  }

  init(ipv4: Int64) { self.init(high: 0, low: UInt64(ipv4), isIPv4: true) }

  /// The 32 bits of an IPv4 address; nil of others.
  package var ipv4: Int64? { isIPv4 ? Int64(low) : nil }

  /// Reads an address without brackets and port: `10.0.0.1`, any spelling of IPv6 with or without a `%zone`. Nil where the
  /// text is none; an octet with leading zeros is none, for some read it as octal.
  package init?(_ text: some Collection<UInt8>) {
    let bytes = Array(text.prefix(IPAddress.longest + 1))
    if bytes.contains(UInt8(ascii: ":")) {
      guard let address = IPAddress.ipv6(bytes) else { return nil }
      self = address
    } else {
      guard let value = IPAddress.octets(bytes[...]) else { return nil }
      self.init(high: 0, low: value, isIPv4: true)
    }
  }

  package init?(_ text: String) { self.init(text.utf8) }

  /// Bytes of the longest address (45) and a zone.
  private static let longest = 45 + 1 + longestZone
  /// Names of interfaces have 15 at most on Linux; other systems have longer ones.
  private static let longestZone = 64

  private static func ipv6(_ bytes: [UInt8]) -> IPAddress? {
    let percent = bytes.firstIndex(of: UInt8(ascii: "%"))
    let zone = percent.map { bytes[($0 + 1)...] } ?? []
    guard percent == nil || isZone(zone), let groups = groups(bytes[..<(percent ?? bytes.endIndex)]) else {
      return nil
    }
    let high = groups[..<4].reduce(0) { $0 << 16 | $1 }
    let low = groups[4...].reduce(0) { $0 << 16 | $1 }
    if high == 0, low >> 32 == 0xFFFF, zone.isEmpty {
      return IPAddress(high: 0, low: low & 0xFFFF_FFFF, isIPv4: true)
    }
    return IPAddress(high: high, low: low, isIPv4: false, zone: String(decoding: zone, as: UTF8.self))
  }

  /// What interfaces are called, and nothing that an output would have to escape.
  private static func isZone(_ zone: ArraySlice<UInt8>) -> Bool {
    !zone.isEmpty && zone.count <= longestZone
      && zone.allSatisfy { byte in
        byte.isDigit || (byte | 0x20) &- UInt8(ascii: "a") < 26 || "-._~".utf8.contains(byte)
      }
  }

  /// The eight groups of an address without a zone.
  private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt64]? {
    guard let gap = doubleColon(bytes) else { return parts(bytes).flatMap { $0.count == 8 ? $0 : nil } }
    guard let before = gap == bytes.startIndex ? [] : parts(bytes[..<gap], mayHoldIPv4: false),
      let after = gap + 2 == bytes.endIndex ? [] : parts(bytes[(gap + 2)...]),
      before.count + after.count <= 7
    else { return nil }
    return before + [UInt64](repeating: 0, count: 8 - before.count - after.count) + after
  }

  private static func doubleColon(_ bytes: ArraySlice<UInt8>) -> Int? {
    let colon = UInt8(ascii: ":")
    return bytes.indices.dropLast().first { bytes[$0] == colon && bytes[$0 + 1] == colon }
  }

  /// Groups between single colons; the last one may be four octets, which are two groups.
  private static func parts(_ bytes: ArraySlice<UInt8>, mayHoldIPv4: Bool = true) -> [UInt64]? {
    var groups: [UInt64] = []
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (number, part) in parts.enumerated() {
      if mayHoldIPv4, number == parts.count - 1, let value = octets(part) {
        groups += [value >> 16, value & 0xFFFF]
      } else {
        guard (1...4).contains(part.count), let value = hex(part) else { return nil }
        groups.append(value)
      }
    }
    return groups
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      guard let nibble = JSONGrammar.hexValue(digit) else { return nil }
      value = value << 4 | UInt64(nibble)
    }
    return value
  }

  private static func octets(_ bytes: ArraySlice<UInt8>) -> UInt64? {
    guard bytes.count <= 15 else { return nil }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt64 = 0
    for part in parts {
      guard let octet = IPAddress.decimal(part, most: 255), part.count == 1 || part.first != UInt8(ascii: "0")
      else { return nil }
      value = value << 8 | octet
    }
    return value
  }

  /// A number of digits only.
  static func decimal(_ digits: ArraySlice<UInt8>, most: UInt64) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      guard digit.isDigit else { return nil }
      value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
      if value > most { return nil }
    }
    return digits.isEmpty ? nil : value
  }
}

extension IPAddress: CustomStringConvertible {
  /// In the one form that RFC 5952 recommends: lower case, no leading zeros, the longest run of two and more zero groups
  /// (the first of equal ones) as `::`.
  package var description: String {
    if let ipv4 { return "\(ipv4 >> 24 & 255).\(ipv4 >> 16 & 255).\(ipv4 >> 8 & 255).\(ipv4 & 255)" }
    let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> $0 & 0xFFFF } }
    let text: String
    if let run = IPAddress.longestZeros(groups) {
      text = IPAddress.joined(groups[..<run.lowerBound]) + "::" + IPAddress.joined(groups[run.upperBound...])
    } else {
      text = IPAddress.joined(groups[...])
    }
    return zone.isEmpty ? text : text + "%" + zone
  }

  private static func joined(_ groups: ArraySlice<UInt64>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  private static func longestZeros(_ groups: [UInt64]) -> Range<Int>? {
    var longest = 0..<0
    var start = 0
    for index in 0...groups.count where index == groups.count || groups[index] != 0 {
      if index - start > longest.count { longest = start..<index }
      start = index + 1
    }
    return longest.count > 1 ? longest : nil
  }
}
