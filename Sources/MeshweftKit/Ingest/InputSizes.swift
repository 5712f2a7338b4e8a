#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

enum InputSizes {
  /// Bytes of all files; nil where one is a stream, whose end nobody knows.
  static func total(of inputs: [InputList.Input]) -> Int64? {
    var total: Int64 = 0
    for input in inputs {
      var status = stat()
      guard input.path != "-", unsafe input.name.withCString({ unsafe stat($0, &status) }) == 0,
        status.st_mode & S_IFMT == S_IFREG
      else { return nil }
      total += Int64(status.st_size)
    }
    return total
  }
}
