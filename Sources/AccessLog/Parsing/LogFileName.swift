/// What programs that rotate logs do to their names.
///
/// `x.log` becomes `x.log.1` and `x.log.2.gz` (logrotate, docker), `x.log-20240523` or `x.log-20240523-10.gz` (logrotate's
/// dateext), `0.log.20240523-100627.gz` (kubelet), `x.log.2024-05-23` (log4j and others). Only what stands behind the ending
/// of a log's name is taken for that: before it, and behind names without one, digits may be a pod's own (`web-1.log` and
/// `web-2.log`, `x-20240523.log`), and the logs of two pods are never one.
package enum LogFileName {
  private static let logEndings = [".log", "_log", ".txt", ".json", ".jsonl", ".ndjson", ".out"]
  private static let compressions = [".gz", ".zst", ".bz2", ".xz", ".lz4", ".Z"]
  /// Words that are put behind a name: by people, and by kubelet while it compresses.
  private static let words = [".old", ".bak", ".tmp", ".prev", ".previous", "~"]

  /// The name before the log was rotated and compressed; the name itself where nothing says that it was.
  package static func unrotated(_ name: String) -> String {
    var stem = Substring(name)
    if let ending = compressions.first(where: stem.hasSuffix) { stem = stem.dropLast(ending.count) }
    let uncompressed = stem
    while !isLogName(stem) {
      guard let shorter = withoutRotation(stem) else { return String(uncompressed) }
      stem = shorter
    }
    return String(stem)
  }

  /// Whether it is a `*.log`, rotated or not: what is read of a folder.
  package static func isLog(_ name: String) -> Bool {
    guard !name.hasPrefix(".") else { return false }
    return name.hasSuffix(".log") || name.contains(".log.") || unrotated(name).hasSuffix(".log")
  }

  private static func isLogName(_ name: Substring) -> Bool {
    logEndings.contains { name.hasSuffix($0) && name.count > $0.count }
  }

  /// One ending less; nil where the last one is none of a rotation.
  private static func withoutRotation(_ name: Substring) -> Substring? {
    if let word = words.first(where: name.hasSuffix) { return name.dropLast(word.count) }
    // Digits at the end and what stands between those of times, as many as there are, behind a dot, a dash or a line.
    let tail = name.utf8.reversed().prefix { isDigit($0) || separators.contains($0) }
    var end = Substring(name.suffix(tail.count))
    var rest = name.dropLast(tail.count)
    if rest.last == "." {
      rest = rest.dropLast()
    } else if end.first == "-" || end.first == "_" {
      end = end.dropFirst()
    } else {
      return nil
    }
    return isCount(end) || isTime(end) || isLongTime(end) ? rest : nil
  }

  private static let separators = Array("-_:TZ".utf8)

  /// A date with a time of day, or with seconds since the epoch, in whatever of the usual separators.
  private static func isLongTime(_ text: Substring) -> Bool {
    let parts = text.split { !$0.isNumber }
    let digits = parts.joined()
    guard text.first?.isNumber ?? false, digits.utf8.count >= 8 else { return false }
    switch parts.map(\.utf8.count) {
    case [8, 10], [8], [14], [8, 4], [8, 6], [4, 2, 2], [4, 2, 2, 2, 2], [4, 2, 2, 2, 2, 2]:
      return isDate(digits)
    default: return false
    }
  }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// `1` to `99999`, and 0.
  private static func isCount(_ text: Substring) -> Bool {
    (1...5).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
  }

  /// A date, with dashes or without, and what may follow it: hours, minutes, seconds; or seconds since the epoch.
  private static func isTime(_ text: Substring) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else { return false }
    let digits = parts.joined()
    switch parts.map(\.utf8.count) {
    case [8], [10], [12], [14], [8, 2], [8, 4], [8, 6], [4, 2, 2], [4, 2, 2, 2], [4, 2, 2, 6]:
      return isDate(digits) || (parts.count == 1 && digits.utf8.count == 10 && digits.hasPrefix("1"))
    default: return false
    }
  }

  private static func isDate(_ digits: String) -> Bool {
    let numbers = digits.utf8.map { Int($0 - 0x30) }
    let year = numbers[0..<4].reduce(0) { $0 * 10 + $1 }
    let (month, day) = (numbers[4] * 10 + numbers[5], numbers[6] * 10 + numbers[7])
    return 1990...2199 ~= year && 1...12 ~= month && 1...31 ~= day
  }
}
