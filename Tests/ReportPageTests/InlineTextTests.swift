import Foundation
import Testing

@testable import ReportPage

@Suite struct `Foreign text in a page` {
  private static let texts = [
    "</script><script>alert(1)</script>", "<!--<script>", "-->", "]]>", "&lt;", "\u{2028}\u{2029}",
    "é\u{2026}",
    "\u{E280}", "\"'`\\", "plain",
  ]

  @Test(arguments: texts) func `stays the same value in a block of JSON, and cannot end it`(_ text: String)
    throws
  {
    let json = try JSONEncoder().encode([text])
    let inline = InlineText.json(Array(json))
    #expect(try JSONDecoder().decode([String].self, from: Data(inline)) == [text])
    let written = String(decoding: inline, as: UTF8.self)
    #expect(!written.contains { "<>&\u{2028}\u{2029}".contains($0) })
  }

  @Test func `is text in markup`() {
    #expect(
      InlineText.html("</title><b a='1' c=\"2\">&")
        == "&lt;/title&gt;&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;")
  }

  @Test func `keeps bytes that only begin like a line separator`() {
    #expect(InlineText.json([0xE2, 0x80]) == [0xE2, 0x80])
    #expect(InlineText.json([0xE2, 0x80, 0xAA, 0xE2]) == [0xE2, 0x80, 0xAA, 0xE2])
  }
}
