/// What programs that rotate logs do to their names.
///
/// `x.log` becomes `x.log.1` and `x.log.2.gz` (logrotate, docker), `x.log-20240523` or `x.log-20240523-10.gz` (logrotate's
/// dateext), `0.log.20240523-100627.gz` (kubelet), `x.log.2024-05-23` (log4j and others). What stands behind the ending
/// of a log's name is taken for that: before it, and behind names without one, digits may be a pod's own (`web-1.log` and
/// `web-2.log`, `x-20240523.log`), and the logs of two pods are never one. A date with a time of day to the millisecond is
/// no pod's, and stands before the ending, too: `x-2024-05-23T10-06-27.123.log` (lumberjack).
package enum LogFileName {
  private static let logEndings = [".log", "_log", ".txt", ".json", ".jsonl", ".ndjson", ".out"]
  private static let compressions = [".gz", ".zst", ".bz2", ".xz", ".lz4", ".Z"]
  /// Words that are put behind a name: by people, and by kubelet while it compresses.
  private static let words = [".old", ".bak", ".tmp", ".prev", ".previous", ".save", ".orig", "~"]

  /// The name before the log was rotated and compressed; the name itself where nothing says that it was.
  package static func unrotated(_ name: String) -> String {
    var stem = Substring(name)
    if let ending = compressions.first(where: stem.hasSuffix) { stem = stem.dropLast(ending.count) }
    let uncompressed = stem
    // What is being compressed is not whole: `x.log.gz.tmp`.
    if words.contains(where: { stem.hasSuffix($0) && withoutCompression(stem.dropLast($0.count)) != nil }) {
      return name
    }
    while !isLogName(stem) {
      guard let shorter = withoutCompression(stem) ?? withoutRotation(stem) else {
        return String(uncompressed)
      }
      stem = shorter
    }
    return String(withoutBackupTime(stem))
  }

  private static func withoutCompression(_ name: Substring) -> Substring? {
    compressions.first(where: name.hasSuffix).map { name.dropLast($0.count) }
  }

  /// `x-2024-05-23T10-06-27.123.log` → `x.log`.
  private static func withoutBackupTime(_ name: Substring) -> Substring {
    guard let dot = name.lastIndex(of: "."), name.utf8.contains(UInt8(ascii: "T")) else { return name }
    let (stem, ending) = (name[..<dot], name[dot...])
    // A time like 2024-05-23T10-06-27.123 has 23 characters.
    let time = stem.suffix(23)
    let rest = stem.dropLast(23)
    guard rest.last == "-", rest.count > 1, time.utf8.count == 23, time.dropFirst(10).first == "T",
      isLongTime(time.dropLast(4)), time.suffix(4).first == ".", time.suffix(3).utf8.allSatisfy(isDigit)
    else { return name }
    return rest.dropLast() + ending
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
    // Digits at the end and what stands between those of times, as many as there are, behind a dot, a dash or a line: the
    // longest that is a count or a time, for one may follow another.
    let tail = name.utf8.reversed().prefix { isDigit($0) || separators.contains($0) }
    for start in name.indices.suffix(tail.count) {
      let (end, before) = (withoutZone(name[start...]), name[..<start])
      guard let last = before.last, ".-_".contains(last) else { continue }
      if isCount(end) || isTime(end) || isLongTime(end) { return before.dropLast() }
    }
    return nil
  }

  private static let separators = Array("-_:TZ+".utf8)

  /// A time without its offset from UTC: `2024-05-23T10:06:27+00:00`.
  private static func withoutZone(_ time: Substring) -> Substring {
    let zone = time.suffix(6)
    guard time.contains("T"), zone.count == 6, zone.first == "+" || zone.first == "-",
      zone.dropFirst(3).first == ":"
    else {
      return time
    }
    return time.dropLast(6)
  }

  /// A date with a time of day, or with seconds since the epoch, in whatever of the usual separators.
  private static func isLongTime(_ text: Substring) -> Bool {
    let parts = text.split { !$0.isNumber }
    let digits = parts.joined()
    guard text.first?.isNumber ?? false, digits.utf8.count >= 8 else { return false }
    switch parts.map(\.utf8.count) {
    case [8, 10], [8], [14], [4, 2, 2, 10], [8, 4], [8, 6], [4, 2, 2], [4, 2, 2, 2, 2], [4, 2, 2, 2, 2, 2]:
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
