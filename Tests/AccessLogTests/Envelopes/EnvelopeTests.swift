import AccessLog
import Testing

@Suite struct `Envelopes` {
  @Test(arguments: Envelope.plain + Envelope.shapes + Envelope.json + Envelope.documents)
  func `every body comes out of its envelope as it went in, with who wrote it`(_ envelope: Envelope) {
    for body in Envelope.bodies where envelope.takesText || body.hasPrefix("{") {
      var stripper = EnvelopeStripper()
      let line = envelope.wrap(body).bytes
      let stripped = stripper.strip(line.span)
      #expect(bodyText(stripped, line, stripper) == body)
      #expect(stripper.origin.pod == envelope.pod.bytes)
      #expect(stripper.origin.namespace == envelope.namespace.bytes)
      #expect(stripper.origin.container == envelope.container.bytes)
      #expect(stripper.origin.meshCluster == envelope.meshCluster.bytes)
      let again = stripper.strip(line.span)
      #expect(!again.identityChanged)
      #expect(bodyText(again, line, stripper) == body)
      #expect(stripper.nextBody() == nil)
    }
  }

  @Test func `who wrote it changes with the line, and is nobody without an envelope`() {
    var stripper = EnvelopeStripper()
    let lines = ["[pod/a/c] ", "[pod/a/c] ", "[pod/b/c] ", ""].map { ($0 + RealLines.istioText).bytes }
    let changes = lines.map { stripper.strip($0.span).identityChanged }
    #expect(changes == [true, false, true, true])
    #expect(stripper.origin.pod.isEmpty && stripper.origin.container.isEmpty)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[p", "[pod/", "[pod/a/b]", "foo | bar", "foo bar baz", "GET /a", "\u{1B}[",
    "\u{1B}[31",
    "2024-05-23T10:06:27Z", "2024-05-23T10:06:27Z stdout F", "2024-05-23T10:06:27Z stdout X y", "{}", "{\"",
    "{\"log\"", "{\"log\":", "{\"log\":\"", "{\"log\":\"\\", "{\"log\":\"\\u12",
    "{\"resourceLogs\":[{\"resource\":",
    "[pod/a/b] [pod/a/b] [pod/a/b] [pod/a/b] [pod/a/b] [pod/a/b] x",
  ])
  func `fragments of envelopes never trap`(line: String) {
    var stripper = EnvelopeStripper()
    for end in 0...line.utf8.count { _ = stripper.strip(Array(line.bytes[..<end]).span) }
    _ = stripper.nextBody()
  }

  @Test(arguments: Envelope.plain + Envelope.shapes + Envelope.json + Envelope.documents)
  func `every cut of every envelope is taken without a trap`(_ envelope: Envelope) {
    let line = envelope.wrap(RealLines.istioJSON).bytes
    var stripper = EnvelopeStripper()
    for end in line.indices {
      let stripped = stripper.strip(Array(line[..<end]).span)
      if case .range(let range) = stripped.body { #expect(range.upperBound <= end) }
    }
  }

  @Test func `an ordinary message is left alone, whatever it looks like`() {
    for line in [
      #"{"level":"info","message":"hello"}"#, "sleep x hello", #"{"log":"plain","x":1}"#,
      "2026-11-23T02:21:20.776Z\twarn\tca\tfailed", "2024-05-23T10:06:27Z hello",
    ] {
      var stripper = EnvelopeStripper()
      #expect(
        stripper.strip(line.bytes.span) == Stripped(body: .range(0..<line.utf8.count), identityChanged: false)
      )
    }
  }

  @Test func `a name longer than names are is none`() {
    var stripper = EnvelopeStripper()
    let long = String(repeating: "x", count: 300)
    let line = #"{"message":\#(quoted(RealLines.istioText)),"podName":"\#(long)","namespace":"default"}"#
      .bytes
    #expect(bodyText(stripper.strip(line.span), line, stripper) == RealLines.istioText)
    #expect(stripper.origin.pod.isEmpty)
    #expect(stripper.origin.namespace == "default".bytes)
  }

  @Test func `a message of an app in compose names nobody`() {
    var stripper = EnvelopeStripper()
    #expect(!stripper.strip("a | b".bytes.span).identityChanged)
  }

  @Test func `an access log with a body key of its own is not an envelope`() {
    var stripper = EnvelopeStripper()
    let line = #"{"app":"x","message":"{\"method\":\"GET\"}","method":"GET","path":"/","duration":3}"#.bytes
    for _ in 0..<2 { #expect(stripper.strip(line.span).body == .range(0..<line.count)) }
  }

  @Test func `merged fields keep who wrote them`() {
    var stripper = EnvelopeStripper()
    let line = #"{"date":1,"method":"GET","path":"/","duration":3,"kubernetes":{"pod_name":"p"}}"#.bytes
    for _ in 0..<2 {
      #expect(
        bodyText(stripper.strip(line.span), line, stripper) == #"{"method":"GET","path":"/","duration":3}"#)
      #expect(stripper.origin.pod == "p".bytes)
    }
  }
}

@Suite struct `Lines in parts` {
  private let stamp = "2024-05-23T10:06:31.000000001Z"

  @Test func `a runtime's parts are joined until the last, each stream by itself`() {
    var stripper = EnvelopeStripper()
    let body = RealLines.istioText
    let half = body.index(body.startIndex, offsetBy: 100)
    #expect(stripper.strip("\(stamp) stdout P \(body[..<half])".bytes.span).body == .pending)
    let other = "\(stamp) stderr F \(body)".bytes
    #expect(bodyText(stripper.strip(other.span), other, stripper) == body)
    let last = "\(stamp) stdout F \(body[half...])".bytes
    #expect(bodyText(stripper.strip(last.span), last, stripper) == body)
    let next = "\(stamp) stdout F \(body)".bytes
    #expect(bodyText(stripper.strip(next.span), next, stripper) == body)
  }

  @Test func `parts that grow beyond the limit are dropped, and the next line is read`() {
    var stripper = EnvelopeStripper()
    let part = "\(stamp) stdout P \(String(repeating: "x", count: 1 << 16))".bytes
    for _ in 0..<40 { #expect(stripper.strip(part.span).body == .pending) }
    #expect(stripper.strip("\(stamp) stdout F x".bytes.span).body == .tooLong)
    let next = "\(stamp) stdout F \(RealLines.istioText)".bytes
    #expect(bodyText(stripper.strip(next.span), next, stripper) == RealLines.istioText)
  }

  @Test func `Docker's full buffers are joined`() {
    var stripper = EnvelopeStripper()
    let agent = String(repeating: "a", count: 20_000)
    let body = RealLines.istioJSON.replacing("curl/7.79.1", with: agent)
    let bytes = body.bytes
    let first = String(decoding: bytes[..<16384], as: UTF8.self)
    let second = String(decoding: bytes[16384...], as: UTF8.self) + "\n"
    #expect(
      stripper.strip(#"{"log":\#(quoted(first)),"stream":"stdout","time":"t"}"#.bytes.span).body == .pending)
    let last = #"{"log":\#(quoted(second)),"stream":"stdout","time":"t"}"#.bytes
    #expect(bodyText(stripper.strip(last.span), last, stripper) == body)
  }
}

@Suite struct `OTLP exports` {
  @Test func `all records of a line come out, in order, each with its resource`() {
    func record(_ text: String) -> String { #"{"body":{"stringValue":\#(quoted(text))}}"# }
    func resource(_ pod: String, _ records: [String]) -> String {
      #"{"resource":{"attributes":[{"key":"k8s.pod.name","value":{"stringValue":"\#(pod)"}}]},"scopeLogs":[{"logRecords":[\#(records.joined(separator: ","))]}]}"#
    }
    let line =
      #"{"resourceLogs":[\#(resource("a", [record("[1"), #"{"body":{"kvlistValue":{}}}"#, record("[2\n")])),\#(resource("b", [record("[3")]))]}"#
      .bytes
    var stripper = EnvelopeStripper()
    var found: [String] = []
    var next: Stripped? = stripper.strip(line.span)
    while let stripped = next {
      found.append(
        "\(String(decoding: stripper.origin.pod, as: UTF8.self)) \(bodyText(stripped, line, stripper) ?? "") \(stripped.identityChanged)"
      )
      next = stripper.nextBody()
    }
    #expect(found == ["a [1 true", "a [2 false", "b [3 true"])
  }
}
