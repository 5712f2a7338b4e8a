import AccessLog
import Foundation
import Testing

@testable import ReportPage

@Suite struct `The page` {
  private let page = String(
    decoding: ReportPage(title: "</title><script>", json: Array(#"{"a":"</script>"}"#.utf8)).bytes,
    as: UTF8.self)

  /// What stands between two marks, the first time.
  private func between(_ start: String, _ end: String) throws -> String {
    let from = try #require(page.range(of: start))
    let to = try #require(page.range(of: end, range: from.upperBound..<page.endIndex))
    return String(page[from.upperBound..<to.lowerBound])
  }

  @Test func `has the hashes of its script and its style in its policy`() throws {
    let policy = try between("Content-Security-Policy\" content=\"", "\">")
    let style = try between("<style>", "</style>")
    let script = try between("</script>\n<script>", "</script>")
    #expect(policy.contains("script-src 'sha256-\(SHA256.base64(Array(script.utf8)))'"))
    #expect(policy.contains("style-src 'sha256-\(SHA256.base64(Array(style.utf8)))'"))
  }

  @Test func `allows nothing else`() throws {
    let rules = try between("Content-Security-Policy\" content=\"", "\">").components(separatedBy: "; ")
    let names = rules.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(
      names == [
        "default-src", "script-src", "style-src", "base-uri", "form-action", "require-trusted-types-for",
        "trusted-types",
      ])
    #expect(rules.first == "default-src 'none'")
    #expect(!rules.contains { $0.contains("unsafe") || $0.contains("http") || $0.contains("*") })
  }

  @Test func `has two scripts, one style, and markup that is its own`() throws {
    let markup = page.replacing(try Regex("(?s)<(style|script)[^>]*>.*?</(style|script)>"), with: "")
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "<style").count == 2)
    #expect(markup.contains("<title>&lt;/title&gt;&lt;script&gt;</title>"))
    #expect(!markup.contains("</title><"))
  }

  @Test func `holds its values as JSON`() throws {
    let json = try between("id=\"data\">", "</script>")
    #expect(try JSONDecoder().decode([String: String].self, from: Data(json.utf8)) == ["a": "</script>"])
  }

  @Test func `loads nothing and parses no text as markup`() {
    let script = String(decoding: PageAssets.scripts.joined(), as: UTF8.self)
    let style = String(decoding: PageAssets.styles.joined(), as: UTF8.self)
    let words = [
      "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "DOMParser",
      "fetch(",
      "XMLHttpRequest", "import(", "setTimeout(\"", ".src", "href", "</script", "<!--",
    ]
    for word in words { #expect(!script.contains(word), "\(word)") }
    for word in ["@import", "url(", "</style", "expression("] { #expect(!style.contains(word), "\(word)") }
    // The one address is the name of SVG's elements.
    #expect(script.components(separatedBy: "://").count == 2)
  }
}

@Suite struct `SHA-256` {
  /// FIPS 180-4's examples (NIST, SHA256.pdf) and two around the edge of a block, by `openssl dgst`.
  private static let cases: [(message: String, digest: String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test(arguments: cases) func `gives the published digests`(_ message: String, _ digest: String) {
    let bytes = SHA256.bytes(Array(message.utf8))
    #expect(bytes.map { String(format: "%02x", $0) }.joined() == digest)
  }

  @Test func `in base64 is what a policy wants`() {
    #expect(SHA256.base64([]) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
  }
}
