import AccessLog
import Testing

@Suite struct `A line that is not JSON` {
  /// The line up to what is wrong with it, and from there on.
  @Test(arguments: [
    (#"{"method":"GET","path":"#, #""/cut"#), (#"{"method":"GET","path":"/a ""#, #"quote" b"#),
    (#"{"method":"GET","user_agent":"a ""#, #"quote" b","x":1}"#), (#"{"method":"GET","code":"#, "NaN}"),
    (#"{"method":"GET""#, #" "path":"/"}"#), (#"{"method""#, #";"GET"}"#), (#"{"method":"GET","#, "}"),
    ("{", "x}"),
    (#"{"method":"GET"}"#, #"{"method":"GET"}"#), (#"{"method":"GET","x":"#, #"[1,2"#),
  ])
  func `is said to be wrong where it is`(good: String, bad: String) {
    var scanner = JSONLineScanner()
    let line = good + bad
    let (_, _, outcome) = `The predicted scan and the full scan find the same fields`.slices(&scanner, line)
    guard case .malformed(let offset) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    let text = Array(line.utf8)[offset...].drop { $0 == 0x20 }
    #expect(String(decoding: text, as: UTF8.self) == String(bad.drop { $0 == " " }))
  }
}
