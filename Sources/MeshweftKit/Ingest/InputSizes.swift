internal import TraceStore

enum InputSizes {
  /// Bytes of all files; nil where one is a stream, whose end nobody knows.
  static func total(of inputs: [InputList.Input]) -> Int64? {
    var total: Int64 = 0
    for input in inputs {
      guard input.path != "-", let status = FileStatus(input.name), status.kind == .file else { return nil }
      total += status.size
    }
    return total
  }
}
