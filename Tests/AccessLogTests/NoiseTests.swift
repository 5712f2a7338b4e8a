import AccessLog
import Testing

@Suite struct `Lines that no parser took` {
  @Test(arguments: [
    "", "   ", "\t",
    "2026-11-23T02:21:20.776Z\twarn\tca\tca request failed, starting attempt 1 in 96.712352ms",
    "[Envoy (Epoch 0)] [2026-11-23 02:21:29.145][15][critical][backtrace] Caught nothing, just a test line {\"not\": \"an access log\"}",
    "[2024-05-23 10:06:27.289][15][critical][main] x", "[2024-05-23T10:06:27.289Z][15][critical][main] x",
    "\tat java.base/java.lang.Thread.run(Thread.java:829)", "goroutine 1 [running]:", "panic: x",
    "I1123 02:21:20.776000       1 main.go:12] x", "Caused by: java.lang.Exception", "[1,2]",
    "[INFO] started",
    "2024/07/20 07:05:54 [INFO] \"GET\" \"/gateway-timeout\"", "{x}", "[]", "[",
    #"{"level":"info","time":"2026-11-23T02:21:25.505Z","scope":"wasm","msg":"fetch"#,
  ])
  func `are skipped where they are certainly foreign`(line: String) {
    #expect(Noise.classify(line.bytes.span) == .skipped)
  }

  @Test(arguments: [
    RealLines.brokenText, "[2024-05-23T10:06:27.289Z] \"GET", "[2024-05-23T",
    #"{"authority_for":"-","bytes_rec"#,
    #"{"level":"info","upstream_cluster":"x"#, #"{}{"start_time":"2026"}"#, "{", "{\"", "[[[[",
    "[{\"start_time\":1}]",
    #"er":"x","upstream_cluster":"outbound|80||a","user_agent":"-"}"#,
  ])
  func `are rejected where they begin or go on as access logs do`(line: String) {
    #expect(Noise.classify(line.bytes.span) == .rejected)
  }
}
