extension FieldMap {
  /// Takes the keys of a JSON format string: of `{"verb":"%REQ(:METHOD)%"}` that `verb` is the method.
  ///
  /// Such a template is also a `TextFormat`; the map is for the lines that are valid JSON, in any key order. Operators may
  /// stand without quotes (`"code":%RESPONSE_CODE%`), as a text template has them for numbers. Nil where the format is no
  /// JSON object or names no field.
  package init?(jsonFormat: String) {
    self.init()
    var template = JSONTemplate(jsonFormat)
    while let (key, value) = template.next() {
      guard let format = try? TextFormat(value), format.head.isEmpty, format.steps.count == 1,
        format.steps[0].literal.isEmpty, let field = format.fields.first
      else { continue }
      try? add(key, field)
      if field == .startTime, startTimeForm == nil { startTimeForm = format.startTimeForm }
    }
    guard template.isObject, !entries.isEmpty else { return nil }
  }
}
