/// A request or trace id: a UUID or 32 hex digits by its bits (lower case, so that it prints as it came), else text.
package struct IdentifierRef: Sendable {
  package enum Form: UInt8, Sendable {
    case none = 0
    /// `08dc43e9-60c8-4f2f-910a-b727172ce311`
    case uuid = 1
    /// `4bf92f3577b34da6a3ce929d0e0e4736`
    case hex32 = 2
    case text = 3
  }
  package var form: Form
  /// The id's own 128 bits; none for `text`.
  package var high: UInt64
  package var low: UInt64
  package var text: TextRef

  package static let none = IdentifierRef(form: .none, high: 0, low: 0, text: .none)

  package init(form: Form, high: UInt64, low: UInt64, text: TextRef) {
    self.form = form
    self.high = high
    self.low = low
    self.text = text
  }
}
