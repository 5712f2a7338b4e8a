/// Foreign text inside a page, for the two places where it may stand.
enum InlineText {
  /// JSON that stands in a `<script>` element: `<`, `>` and `&` occur inside strings only, where `\u003C` means the
  /// same, so nothing in it can end the element or open a comment. U+2028 and U+2029 are line ends to old scripts.
  static func json(_ json: [UInt8]) -> [UInt8] {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(json.count + json.count / 64)
    var index = 0
    while index < json.count {
      switch json[index] {
      case UInt8(ascii: "<"): escaped += "\\u003C".utf8
      case UInt8(ascii: ">"): escaped += "\\u003E".utf8
      case UInt8(ascii: "&"): escaped += "\\u0026".utf8
      case 0xE2 where isSeparator(json[index...].prefix(3)):
        escaped += (json[index + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8
        index += 2
      default: escaped.append(json[index])
      }
      index += 1
    }
    return escaped
  }

  private static func isSeparator(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.elementsEqual([0xE2, 0x80, 0xA8]) || bytes.elementsEqual([0xE2, 0x80, 0xA9])
  }

  /// Text of an element or of an attribute in double quotes.
  static func html(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
