internal import Platform

/// The two functions of the C library that the matcher needs.
extension Float {
  static func log(_ value: Float) -> Float { logf(value) }
  static func exp(_ value: Float) -> Float { expf(value) }
}
