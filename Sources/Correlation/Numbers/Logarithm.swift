private import Platform

/// The two functions that statistics cannot do without, from the C library: this target does without Foundation.
enum Logarithm {
  static func natural(_ value: Double) -> Double { log(value) }
  static func exponential(_ value: Double) -> Double { exp(value) }
  static func inverseSinh(_ value: Double) -> Double { asinh(value) }
  static func sinh(_ value: Double) -> Double { exponential(value) / 2 - exponential(-value) / 2 }
}
