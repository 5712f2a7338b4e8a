/// Text from logs and file names as people may see it: nothing in it can move a cursor or hide.
public enum Shown {
  /// Escapes C0 and C1 controls, DEL, bidi marks, line separators and whatever shows no ink but the space as `\u{202E}`;
  /// cuts beyond `limit` characters with an ellipsis.
  public static func text(_ text: String, limit: Int = .max) -> String {
    if text.utf8.count <= limit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else { return result + "…" }
      count += 1
      if isHarmless(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += escape(scalar)
      }
    }
    return result
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }

  /// What a text was before it was escaped, here or in JSON: `\u{202E}`, `\u202e`, `\n`, `\r`, `\t`, `\"`, `\\`. Everything
  /// else stays. Of a text that held backslashes itself this may be another one.
  static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var units: [UInt16] = []
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "\\", let (escaped, length) = escapedUnits(rest) {
        units += escaped
        rest = rest.dropFirst(length)
      } else {
        units += String(character).utf16
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// What stands behind a backslash, and how many characters of the text that is; nil where it is no escape.
  private static func escapedUnits(_ rest: Substring) -> ([UInt16], Int)? {
    switch rest.first {
    case "n": return ([0x0A], 1)
    case "r": return ([0x0D], 1)
    case "t": return ([0x09], 1)
    case "\"": return ([0x22], 1)
    case "\\": return ([0x5C], 1)
    case "u": break
    default: return nil
    }
    let digits = rest.dropFirst()
    guard digits.first == "{" else {
      let four = digits.prefix(4)
      return four.count == 4 ? UInt16(four, radix: 16).map { ([$0], 5) } : nil
    }
    let inside = digits.dropFirst().prefix { $0 != "}" }
    guard inside.endIndex < digits.endIndex,
      let scalar = UInt32(inside, radix: 16).flatMap(Unicode.Scalar.init)
    else { return nil }
    return (Array(String(scalar).utf16), inside.count + 3)
  }

  /// Whether a character shows as itself: it moves no cursor, and one sees that it is there.
  ///
  /// Controls, format characters (bidi, zero width), separators, surrogates, private use and unassigned ones do not; nor
  /// do those that Unicode has every program draw as nothing (DerivedCoreProperties, Default_Ignorable_Code_Point: Hangul
  /// fillers, variation selectors, tags, the grapheme joiner), spaces other than U+0020, and the few signs whose glyph is
  /// blank.
  static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
      .unassigned:
      return false
    default:
      return !scalar.properties.isDefaultIgnorableCodePoint && !blankSigns.contains(scalar)
    }
  }

  /// Letters and symbols whose picture is empty: braille without dots, the Khitan filler, the two blanks of Egyptian
  /// hieroglyphs, the null notehead, the place of an object. No property of Unicode has them together.
  private static let blankSigns: Set<Unicode.Scalar> = [
    "\u{2800}", "\u{16FE4}", "\u{13441}", "\u{13442}", "\u{1D159}", "\u{FFFC}",
  ]
}
