/// What a terminal can show: its colours and how wide it is. The only place from which escape sequences come.
public struct Ink: Sendable {
  /// Whether colours are written.
  public var isOn: Bool
  /// Columns of the terminal, to which tables and waterfalls are fitted; nil where there is none.
  public var columns: Int?

  /// Text as it is.
  public static let none = Ink(isOn: false)

  /// With colours or without, for a terminal of so many columns.
  public init(isOn: Bool, columns: Int? = nil) {
    self.isOn = isOn
    self.columns = columns
  }

  /// SGR codes of ECMA-48, those that every terminal theme gives a readable colour.
  enum Colour: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  func paint(_ text: String, _ colour: Colour) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }
}
