/// Names of namespaces, pods, containers, nodes and services: whatever a cluster says, nothing else is taken for one.
package enum KubernetesName {
  /// Lower-case letters, digits, `-` and `.`, letters or digits at both ends (RFC 1123).
  package static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last, name.utf8.count <= Limits.nameBytes else {
      return false
    }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
  }
}
