/// What a program says may hold tokens and passwords; none of that is shown.
enum Secrets {
  /// Words whose next word is a secret.
  private static let names = ["token", "password", "secret", "bearer", "authorization", "key", "credential"]
  /// Characters without a break that are no name any more, but a token.
  private static let tokenLength = 40

  /// Ways to be authorised: what follows is the secret.
  private static let schemes = ["basic", "negotiate"]

  /// The text with secrets taken out.
  static func masked(_ text: String) -> String { maskedWords(maskedMembers(maskedHeader(text))) }

  /// Everything behind `Authorization:`.
  private static func maskedHeader(_ text: String) -> String {
    guard let name = text.lowercased().firstRange(of: "authorization:") else { return text }
    let kept = text.lowercased().distance(from: text.lowercased().startIndex, to: name.upperBound)
    return text.prefix(kept) + " …"
  }

  /// Values of an object's members whose names say that they are secret.
  private static func maskedMembers(_ text: String) -> String {
    var masked = ""
    var rest = Substring(text)
    while let open = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
      let quote = rest[open]
      masked += rest[...open]
      rest = rest[rest.index(after: open)...]
      guard let close = rest.firstIndex(of: quote) else { break }
      let name = rest[..<close]
      // An apostrophe opens nothing.
      if quote == "'", name.contains(" ") { continue }
      masked += rest[...close]
      rest = rest[rest.index(after: close)...]
      let gap = rest.prefix { $0 == " " || $0 == ":" || $0 == "\\" }
      let value = rest.dropFirst(gap.count)
      guard gap.contains(":"), value.first == quote, names.contains(where: { name.lowercased().contains($0) })
      else { continue }
      masked += gap + "\(quote)…\(quote)"
      rest = value.dropFirst().firstIndex(of: quote).map { value[value.index(after: $0)...] } ?? ""
    }
    return masked + rest
  }

  private static func maskedWords(_ text: String) -> String {
    var isNext = false
    return text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
      if isNext, !word.isEmpty {
        isNext = names.contains { word.lowercased().contains($0) }
        return "…"
      }
      guard let end = word.lastIndex(where: { ":=".contains($0) }) else {
        let name = word.lowercased()
        isNext =
          (names + schemes).contains(name) || (name.hasPrefix("--") && names.contains { name.contains($0) })
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
    for parameter in ["?code=", "&code="] {
      guard let name = word.firstRange(of: parameter) else { continue }
      let value = word[name.upperBound...].prefix { $0 != "&" }
      return "\(word[..<name.upperBound])…\(word[value.endIndex...])"
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
