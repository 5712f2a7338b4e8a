/// What a program says may hold tokens and passwords; none of that is shown.
enum Secrets {
  /// Words whose next word is a secret.
  private static let names = ["token", "password", "secret", "bearer", "authorization", "key", "credential"]
  /// Characters without a break that are no name any more, but a token.
  private static let tokenLength = 40

  /// The text with secrets taken out.
  static func masked(_ text: String) -> String {
    var isNext = false
    return text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
      if isNext, !word.isEmpty {
        isNext = names.contains { word.lowercased().contains($0) }
        return "…"
      }
      guard let end = word.lastIndex(where: { ":=".contains($0) }) else {
        isNext = names.contains { word.lowercased() == $0 }
        return masked(word: word)
      }
      guard names.contains(where: { word[..<end].lowercased().contains($0) }) else {
        return masked(word: word)
      }
      isNext = word.index(after: end) == word.endIndex
      return isNext ? String(word) : "\(word[...end])…"
    }.joined(separator: " ")
  }

  private static func masked(word: Substring) -> String {
    // https://user:password@host
    if let scheme = word.firstRange(of: "://"), let at = word[scheme.upperBound...].firstIndex(of: "@") {
      return "\(word[..<scheme.upperBound])…\(word[at...])"
    }
    var longest = 0
    var run = 0
    for byte in word.utf8 {
      let isPart =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "+_=-".utf8.contains(byte)
      run = isPart ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest >= tokenLength ? "…" : String(word)
  }
}
