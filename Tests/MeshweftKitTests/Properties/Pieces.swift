import TestSupport

extension LogSet {
  /// The set in random pieces: by file, by stretches of lines, or line by line. Every line is in one piece at least.
  func inRandomPieces(_ random: inout SplitMix64) -> [LogSet] {
    let count = Int.random(in: 2...4, using: &random)
    let grain = random.pick([1, 20, Int.max])
    let homes = files.map { file in
      let stretches = file.lines.count / grain + 1
      return (0..<stretches).map { _ in Int.random(in: 0..<count, using: &random) }
    }
    return (0..<count).map { piece in
      let kept = zip(files, homes).map { file, homes in file.keeping { homes[$0 / grain] == piece } }
      return LogSet(name: name, files: kept.shuffled(using: &random))
    }
  }
}

/// The first lines that are not equal, cut short; nil where there are none.
func difference(_ left: [UInt8], _ right: [UInt8]) -> String? {
  guard left != right else { return nil }
  let (left, right) = (left.split(separator: 0x0A), right.split(separator: 0x0A))
  let index = zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
  guard let index else { return "\(left.count) and \(right.count) traces" }
  return [left, right].map { String(decoding: $0[index].prefix(2000), as: UTF8.self) }.joined(
    separator: "\n")
}
