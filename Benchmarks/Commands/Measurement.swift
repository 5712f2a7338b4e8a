/// One measured row, printed as `key=value` words for `Benchmarks/run` to pick up.
struct Measurement {
  let row: String
  var lines: Int?
  var rows: Int?
  var bytes: Int?
  var peakKibibytes: Int?
  /// CPU time outside of the kernel, all threads together.
  var userSeconds: Double?
  let duration: Duration

  func report() {
    let seconds = max(duration / .seconds(1), 1e-9)
    var words = ["row=\(row)"]
    if let lines { words += ["lines=\(lines)", "lines_per_s=\(Int(Double(lines) / seconds))"] }
    if let rows { words += ["rows=\(rows)", "rows_per_s=\(Int(Double(rows) / seconds))"] }
    if let bytes { words += ["bytes=\(bytes)", "mb_per_s=\(Int(Double(bytes) / 1e6 / seconds))"] }
    if let peakKibibytes { words.append("peak_kib=\(peakKibibytes)") }
    if let userSeconds { words.append("user_s=\(Double(Int(userSeconds * 1e3)) / 1e3)") }
    words.append("seconds=\(Double(Int(seconds * 1e6)) / 1e6)")
    print(words.joined(separator: " "))
  }
}
