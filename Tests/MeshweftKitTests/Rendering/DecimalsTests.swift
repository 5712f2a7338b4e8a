import Testing

@testable import MeshweftKit

struct DecimalsTests {
  private static let values: [Double] = [
    0, -0.0, 1, -1, 0.5, 0.0005, -0.0004, 0.00049999, 12.3456, -12.3, 999.9995, 1e15, -1e15, 4.5e15, 4.7e15,
    1e300,
    .infinity, -.infinity, .nan, 0.1, 0.25, 1234.001, 0.9999, 0.99996, 100,
  ]

  @Test(arguments: [0, 1, 3, 4])
  func `a number is appended as its text without zeros at its end`(digits: Int) {
    for value in Self.values + (0..<500).map({ Double($0 * 7919 % 100_003) / 1000 }) {
      var bytes: [UInt8] = [0x5B]
      Decimals.append(value, digits: digits, to: &bytes)
      let expected = "[" + Decimals.text(value, digits: digits, trimmed: true)
      #expect(String(decoding: bytes, as: UTF8.self) == expected, "\(value)")
    }
  }
}
