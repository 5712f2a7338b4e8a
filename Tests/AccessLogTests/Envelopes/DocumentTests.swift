import AccessLog
import Testing

/// All bodies of some lines, and who wrote each.
private func bodies(_ lines: [String]) -> [String] {
  var stripper = EnvelopeStripper()
  var found: [String] = []
  func note(_ stripped: Stripped, _ line: [UInt8]) {
    if stripped.body == .cut { return found.append("cut") }
    guard let body = bodyText(stripped, line, stripper), body.hasPrefix("{\"") || body.hasPrefix("[20") else {
      return
    }
    found.append("\(String(decoding: stripper.origin.pod, as: UTF8.self))|\(body)")
  }
  for line in lines.map(\.bytes) {
    note(stripper.strip(line.span), line)
    while let next = stripper.nextBody() { note(next, line) }
  }
  if stripper.abandonParts() != nil { found.append("abandoned") }
  while let next = stripper.nextBody() { note(next, []) }
  return found
}

/// An object as jq prints it.
private func indented(_ object: String, by spaces: Int = 2) -> [String] {
  var lines: [String] = []
  var (line, depth, isQuoted, isEscaped) = ("", 0, false, false)
  func end() {
    lines.append(line)
    line = String(repeating: " ", count: depth * spaces)
  }
  for character in object {
    if isQuoted {
      line.append(character)
      if character == "\"", !isEscaped { isQuoted = false }
      isEscaped = character == "\\" && !isEscaped
      continue
    }
    switch character {
    case "{", "[":
      line.append(character)
      depth += 1
      end()
    case "}", "]":
      depth -= 1
      end()
      line.append(character)
    case ",":
      line.append(character)
      end()
    case ":": line += ": "
    default:
      if character == "\"" { isQuoted = true }
      line.append(character)
    }
  }
  return lines + [line]
}

@Suite struct `Documents` {
  private static let one = RealLines.istioJSON
  private static let two = RealLines.asmJSON
  private static let text = RealLines.istioText

  @Test(arguments: [1, 2, 4])
  func `indented objects come out as they were`(spaces: Int) {
    let lines = indented(Self.one, by: spaces) + indented(Self.two, by: spaces)
    #expect(bodies(lines) == ["|\(Self.one)", "|\(Self.two)"])
  }

  @Test func `an indented array gives its elements, each with its writer`() {
    let entry = #"{"message":\#(quoted(Self.text)),"kubernetes":{"pod_name":"p"}}"#
    #expect(
      bodies(indented("[\(entry),\(Self.one),\(entry)]")) == [
        "p|\(Self.text)", "|\(Self.one)", "p|\(Self.text)",
      ])
  }

  @Test func `objects and text on one line are told apart`() {
    var stripper = EnvelopeStripper()
    let line =
      (#"{"a":1,"message":\#(quoted(Self.text))}"# + #"{"a":1,"message":\#(quoted(Self.one))}"# + Self.text)
      .bytes
    #expect(bodyText(stripper.strip(line.span), line, stripper) == Self.text)
    #expect(stripper.nextBody().flatMap { bodyText($0, line, stripper) } == Self.one)
    #expect(stripper.nextBody().flatMap { bodyText($0, line, stripper) } == Self.text)
    #expect(stripper.nextBody() == nil)
  }

  @Test func `a document that is cut gives what was whole, and the lines behind it are read`() {
    let entry = #"{"message":\#(quoted(Self.text)),"kubernetes":{"pod_name":"p"}}"#
    let document = indented(#"{"events":[\#(entry),\#(entry)]}"#)
    for end in 1..<document.count {
      let found = bodies(Array(document[..<end]) + [Self.text, Self.one])
      #expect(found.suffix(2) == ["|\(Self.text)", "|\(Self.one)"], "\(end): \(found)")
      #expect(found.filter { $0 == "cut" }.count == 1, "\(end)")
      #expect(found.filter { $0.hasPrefix("p|") }.count <= 2)
      #expect(bodies(Array(document[..<end])).contains("cut"))
    }
    #expect(bodies(document) == ["p|\(Self.text)", "p|\(Self.text)"])
  }

  @Test func `a long document takes the room of what is open`() {
    let entry = #"{"message":\#(quoted(Self.text)),"kubernetes":{"pod_name":"p"}}"#
    var stripper = EnvelopeStripper()
    var count = 0
    let head = [#"{"#, #"  "nextToken": "t","#, #"  "events": ["#]
    // 40 MB in all, of which a line may have 1.25.
    for line in head + Array(repeating: "    " + entry + ",", count: 60_000) + ["    " + entry, "  ]", "}"] {
      var next: Stripped? = stripper.strip(line.bytes.span)
      while let stripped = next {
        #expect(stripped.body != .tooLong && stripped.body != .cut)
        if stripped.body == .decoded { count += 1 }
        next = stripper.nextBody()
      }
    }
    #expect(count == 60_001)
    #expect(stripper.abandonParts() == nil)
  }

  @Test func `what a client wrote is no line`() {
    for field in ["user_agent", "path", "referer", "user_agent.original"] {
      let record =
        #"{"start_time":"2025-03-04T08:15:02Z","method":"GET","path":"/","duration":1,"\#(field)":\#(quoted(Self.text))}"#
      #expect(!bodies([record]).contains { $0.hasSuffix(Self.text) })
    }
    let parsed =
      #"{"http":{"request":{"referrer":\#(quoted(Self.text))}},"headers":[["x",\#(quoted(Self.text))]]}"#
    #expect(!bodies([parsed]).contains { $0.hasSuffix(Self.text) })
  }

  @Test(arguments: ["[", "{", "[{", "{ \"a\": [", "{\"a\":1,"])
  func `a bracket of somebody's does not swallow what follows`(line: String) {
    #expect(
      bodies([line, Self.text, Self.one, Self.text]).filter { $0 != "cut" } == [
        "|\(Self.text)", "|\(Self.one)", "|\(Self.text)",
      ])
  }

  @Test func `nesting beyond the limit is no envelope, and takes no stack`() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(bodies([deep, Self.text]) == ["|\(Self.text)"])
    let nested = String(repeating: #"{"a":"#, count: 70) + "1" + String(repeating: "}", count: 70)
    #expect(bodies([nested, Self.text]).last == "|\(Self.text)")
  }

  @Test func `sections name the lines behind them`() {
    let found = bodies([
      "==== START logs for container istio-proxy of pod shop/web-0 ====", Self.text,
      "==== END logs for container istio-proxy of pod shop/web-0 ====", Self.text,
      "==> /var/log/pods/shop_web-1_0c6f1d0e/istio-proxy/0.log <==", Self.text,
      #"Common labels: {"app":"web","pod":"web-2"}"#, Self.one,
      "2025-03-04T08:15:02.776Z\tDEBUG\tx.go:82\tResourceLog #0", "     -> k8s.pod.name: Str(web-3)",
      "Body: Str(\(Self.text))",
    ])
    #expect(
      found == [
        "web-0|\(Self.text)", "|\(Self.text)", "web-1|\(Self.text)", "web-2|\(Self.one)",
        "web-3|\(Self.text)",
      ])
  }

  @Test func `rows of a download are read by their header`() {
    let cell = "\"" + Self.text.replacing("\"", with: "\"\"") + "\""
    #expect(
      bodies(["\"Time\",\"Line\",\"labels\"", "\"1\",\(cell),\"{\"\"pod\"\":\"\"p\"\"}\""]) == [
        "p|\(Self.text)"
      ])
    #expect(
      bodies(["@timestamp,message,kubernetes.pod.name", "1,\(cell),p", Self.one]) == [
        "p|\(Self.text)", "|\(Self.one)",
      ])
    #expect(bodies(["TimeGenerated,PodName,LogMessage", "1,p,\(cell.dropLast())\n\""]) == ["p|\(Self.text)"])
  }
}

@Suite struct `The same line in another envelope` {
  /// The identities of all hops that the lines give.
  private func identities(_ lines: [String]) -> [String] {
    let tables = ParserTables()
    var parser = HopParser(tables: tables, logName: "x.log", flags: Origin(namespace: "n", pod: "p"))
    var batch = HopBatch()
    for (index, line) in lines.enumerated() {
      let number = Int64(index + 1)
      _ = PaddedBytes.withCopy(of: line.bytes) { parser.parse($0, number: number, into: &batch) }
      while parser.parseNext(number: number, into: &batch) != nil {}
    }
    return batch.rows.map { "\($0.identity)" }
  }

  @Test func `is the same hop`() {
    let line = RealLines.istioJSON
    let alone = identities([line])
    #expect(alone.count == 1)
    #expect(identities(indented(line)) == alone)
    #expect(identities(indented("[\(line)]")) == alone)
    #expect(identities([#"{"log":\#(quoted(line + "\n")),"stream":"stdout"}"#]) == alone)
    #expect(
      identities([#"{"jsonPayload":\#(line),"resource":{"labels":{"container_name":"c"}}}"#]).count == 1)
    let merged =
      String(line.dropLast()) + #","kubernetes":{"pod_name":"p"},"stream":"stdout","timestamp":"t"}"#
    #expect(identities([merged]) == alone)
    #expect(identities([line + line]).first == alone.first)
  }
}
