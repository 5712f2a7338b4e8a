extension ResponseFlags {
  private static let byName: [[UInt8]: ResponseFlags] = {
    var table: [[UInt8]: ResponseFlags] = [:]
    for (index, name) in names.enumerated() {
      let flag = ResponseFlags(rawValue: 1 << UInt64(index))
      table[Array("\(name.short)".utf8)] = flag
      table[Array("\(name.long)".utf8)] = flag
    }
    return table
  }()

  /// A comma list of short or long names in any order; `-` is none. Unknown names set `unrecognised`.
  package static func parse(_ text: [UInt8]) -> ResponseFlags {
    guard text != [UInt8(ascii: "-")], !text.isEmpty else { return [] }
    return text.split(separator: UInt8(ascii: ",")).reduce(into: []) { flags, name in
      let trimmed = Array(name.drop { $0 == 0x20 })
      flags.formUnion(byName[trimmed] ?? .unrecognised)
    }
  }
}
