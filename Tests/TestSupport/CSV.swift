/// RFC 4180, read back.
package enum CSV {
  /// Records of fields; quotes are taken off.
  package static func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = ""
    var isQuoted = false
    var characters = text.unicodeScalars.makeIterator()
    var next = characters.next()
    while let scalar = next {
      next = characters.next()
      switch (scalar, isQuoted) {
      case ("\"", true) where next == "\"":
        field.unicodeScalars.append(scalar)
        next = characters.next()
      case ("\"", _): isQuoted.toggle()
      case (",", false):
        record.append(field)
        field = ""
      case ("\n", false):
        records.append(record + [field])
        (record, field) = ([], "")
      case ("\r", false): continue
      default: field.unicodeScalars.append(scalar)
      }
    }
    return records
  }
}
