/// What an envelope says.
extension Origin where Name == [UInt8] {
  /// Takes a name that nothing said before; one that is longer than names are is none.
  mutating func take(_ field: Field, _ name: [UInt8]) {
    guard !name.isEmpty, name.count <= Limits.nameBytes, name != [UInt8(ascii: "-")] else { return }
    fill(field, name)
  }

  /// Envoy's own name in Istio, `sidecar~IP~POD.NAMESPACE~DOMAIN`.
  mutating func takeNode(_ name: [UInt8]) {
    let parts = name.split(separator: 0x7E)
    guard parts.count == 4, let dot = parts[2].lastIndex(of: 0x2E), pod.isEmpty else { return }
    take(.podName, Array(parts[2][..<dot]))
    take(.podNamespace, Array(parts[2][(dot + 1)...]))
  }
}

/// What an envelope says, as ranges of its line.
extension Origin where Name == Range<Int> {
  /// Takes what `field` names from `value`, if it is text and nothing said it before.
  mutating func take(_ field: Field, _ value: JSONValue) {
    guard value.isString, value.range.count <= Limits.nameBytes else { return }
    fill(field, value.range)
  }
}
