extension FieldTable {
  /// Takes over what a shape knows of each of its lines.
  @inline(__always)
  mutating func adopt(_ shape: LineShape.View, isASCII: Bool) {
    self.isASCII = isASCII
    // Safe: numbers alone are read of the view, none of its pointers.
    hasDuplicateKey = unsafe shape.hasDuplicateKey
    recognised = unsafe shape.recognised
    present = unsafe shape.present
    steady = unsafe shape.steadyFields
    layout = unsafe shape.layout
  }
}
