import AccessLog
import Testing

private func members(_ text: String) -> (found: [String], isMalformed: Bool) {
  let line = text.bytes
  guard var each = JSONMembers(in: line.span, at: 0) else { return ([], true) }
  var found: [String] = []
  while let member = each.next(in: line.span) {
    let key = String(decoding: line[member.key], as: UTF8.self)
    found.append("\(key)=\(member.value.kind):\(String(decoding: line[member.value.range], as: UTF8.self))")
  }
  return (found, each.isMalformed)
}

@Suite struct `Members of an object` {
  @Test func `come with their kinds and ranges`() {
    let (found, isMalformed) = members(
      #"{ "a" : "x" ,"b":"\"","c":-1.5e3,"d":null,"e":{"f":["}"]},"g":[1,{"h":2}]} "#)
    #expect(
      found == [
        "a=string:x", #"b=escapedString:\""#, "c=number:-1.5e3", "d=literal:null", #"e=object:{"f":["}"]}"#,
        #"g=array:[1,{"h":2}]"#,
      ])
    #expect(!isMalformed)
  }

  @Test(arguments: [
    "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":1", "{\"a\":1,",
    "{\"a\":1,}",
    "{\"a\":1 \"b\":2}", "{a:1}", "{\"a\":}", "{\"a\":[", "{\"a\":{\"b\":\"", "{,}", "{\"a\"::1}",
  ])
  func `that are none end the walk`(text: String) {
    #expect(members(text).isMalformed)
  }

  @Test func `nested beyond the cap end the walk, whatever the depth`() {
    #expect(members("{\"a\":" + String(repeating: "[", count: 500_000)).isMalformed)
    let deep = Limits.jsonDepth + 1
    #expect(
      members("{\"a\":\(String(repeating: "[", count: deep))\(String(repeating: "]", count: deep))}")
        .isMalformed)
    #expect(
      members("{\"a\":\(String(repeating: "[", count: 60))\(String(repeating: "]", count: 60))}").found.count
        == 1)
  }

  @Test(arguments: [
    (#"a\"\\\/\b\f\n\r\tb"#, "a\"\\/\u{8}\u{C}\n\r\tb", true),
    (#"\u00e9\u4f60\ud83d\ude00"#, "\u{E9}\u{4F60}\u{1F600}", true),
    (#"\ud800x"#, "\u{FFFD}x", false), (#"\ude00"#, "\u{FFFD}", false),
    (#"\ud800\u0041"#, "\u{FFFD}A", false),
    (#"\ud83d\ud83d\ude00"#, "\u{FFFD}\u{1F600}", false), (#"cu\377rl"#, #"cu\377rl"#, false),
    (#"\u12"#, #"\u12"#, false),
    (#"\"#, #"\"#, false), ("", "", true), ("\\u0000", "\0", true),
  ])
  func `strings are unescaped, what is no escape stays`(text: String, expected: String, isClean: Bool) {
    var out: [UInt8] = []
    let line = text.bytes
    let clean = JSONString.unescape(line.span, 0..<line.count, into: &out)
    #expect(String(decoding: out, as: UTF8.self) == expected)
    #expect(clean == isClean)
  }
}
