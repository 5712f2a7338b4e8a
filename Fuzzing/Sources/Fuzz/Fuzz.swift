// meshweft-fuzz: libFuzzer over what reads bytes from strangers; each target holds what it runs to an oracle or to
// invariants, and traps where they do not hold.
//
// usage: meshweft-fuzz TARGET [LIBFUZZER OPTION...] [CORPUS FOLDER...]

internal import CLibFuzzer
internal import Platform

@main
enum Fuzz {
  /// What can be fuzzed, by name.
  static let targets: [(name: String, run: @Sendable ([UInt8]) -> Void)] = [
    ("scanner", ScannerTarget.run), ("envelopes", EnvelopeTarget.run), ("formats", FormatTarget.run),
    ("gz", GzTarget.run), ("subset", SubsetTarget.run),
  ]

  /// Chosen once, before libFuzzer's first call.
  nonisolated(unsafe) static var chosen: @Sendable ([UInt8]) -> Void = { _ in }

  static func main() {
    var arguments = CommandLine.arguments
    guard arguments.count > 1, let target = targets.first(where: { $0.name == arguments[1] }) else {
      print("usage: meshweft-fuzz \(targets.map(\.name).joined(separator: "|")) [LIBFUZZER OPTION...]")
      exit(64)
    }
    unsafe chosen = target.run
    arguments.remove(at: 1)
    var count = Int32(arguments.count)
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    let status = unsafe pointers.withUnsafeMutableBufferPointer { buffer in
      var base = buffer.baseAddress
      return unsafe LLVMFuzzerRunDriver(&count, &base) { data, size in
        unsafe Fuzz.chosen(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
      }
    }
    exit(status)
  }

  /// Traps with a reason that libFuzzer prints, and keeps the input that led to it.
  static func require(_ condition: Bool, _ reason: @autoclosure () -> String) {
    if !condition { fatalError(reason()) }
  }
}

extension [UInt8] {
  /// The parts between line feeds, at most so many.
  func lines(_ most: Int) -> [[UInt8]] {
    split(separator: 0x0A, maxSplits: most - 1, omittingEmptySubsequences: false).map { Array($0) }
  }
}
