import Testing

@testable import AccessLog

@Suite struct `A rotated log's name` {
  /// What known programs make of `x.log`, and of other names with an ending.
  private static let rotated: [(name: String, before: String)] = [
    ("x.log", "x.log"), ("x.log.gz", "x.log"), ("x.log.1", "x.log"), ("x.log.0", "x.log"),
    ("x.log.12.gz", "x.log"), ("x.log.3.zst", "x.log"), ("x.log.4.bz2", "x.log"), ("x.log.5.xz", "x.log"),
    ("x.log-20240523", "x.log"), ("x.log-20240523.gz", "x.log"), ("x.log-2024052310", "x.log"),
    ("x.log-20240523-10", "x.log"), ("x.log-20240523-100627.gz", "x.log"), ("x.log-1716458787", "x.log"),
    ("x.log.2024-05-23", "x.log"), ("x.log.2024-05-23-10.gz", "x.log"), ("x.log-2024-05-23", "x.log"),
    ("0.log.20240523-100627", "0.log"), ("0.log.20240523-100627.gz", "0.log"),
    ("0.log.20240523-100627.gz.tmp", "0.log.20240523-100627.gz.tmp"), ("0.log.20240523-100627.tmp", "0.log"),
    ("x.log.old", "x.log"), ("x.log.1.bak", "x.log"), ("abc123-json.log.2", "abc123-json.log"),
    ("access_log.1", "access_log"), ("access_log-20240523.gz", "access_log"), ("x.json.1", "x.json"),
    ("x.txt.2", "x.txt"), ("x.log-20240523-1716453123.gz", "x.log"), ("x.log.prev", "x.log"),
    ("x.log~", "x.log"),
    ("x.log-2024-05-23T10-06-27.123.gz", "x.log"), ("x.log.2024-05-23T10:06:27Z", "x.log"),
    ("x.log.20240523T100627", "x.log"), ("x.log.20240523_100627", "x.log"), ("x.log_20240523", "x.log"),
    ("x-2024-05-23T10-06-27.123.log", "x.log"), ("x-2024-05-23T10-06-27.123.log.gz", "x.log"),
    ("ack1.default.sleep-0.istio-proxy-2024-05-23T10-06-27.123.log", "ack1.default.sleep-0.istio-proxy.log"),
    ("x.log.gz.1", "x.log"), ("x.log.1-20240523", "x.log"), ("x.log.2024-05-23-1716458787.gz", "x.log"),
    ("x.log.2024-05-23T10:06:27+00:00", "x.log"), ("x.log.save", "x.log"), ("x.log.orig", "x.log"),
    ("ack1.default.sleep-0.istio-proxy.log.7.gz", "ack1.default.sleep-0.istio-proxy.log"),
  ]

  @Test func `is the name that it had before`() {
    for (name, before) in Self.rotated { #expect(LogFileName.unrotated(name) == before, "\(name)") }
  }

  /// Digits that may be a pod's own: two pods' logs must stay two.
  @Test func `is not what has digits elsewhere`() {
    for name in [
      "web-1", "web-2", "web.1", "web.2", "web-1.log", "web-20240523.log", "x.20240523.log", "web-0",
      "pod-12345",
      "x.logs.1", "catalog.1", "x.log.20241399", "x.log.1234567", "x.log-a1", "x.log.1a", "x.log-", "x.log.",
      "1", "x-2024-05-23T10-06-27.log", "x-2024-05-23T10-06-27.12a.log", "-2024-05-23T10-06-27.123.log",
      ".1", ".log.1", "x.log.99999999", "sleep-7d9c-20240523", "x.log..1", "x.log.1-", "x.log.v2",
    ] { #expect(LogFileName.unrotated(name) == name, "\(name)") }
  }

  @Test func `gives the identity that the log had`() {
    let identity = Origin<String>(fileName: "ack1.default.sleep-0.istio-proxy.log")
    #expect(identity?.pod == "sleep-0")
    for ending in [".gz", ".1", ".2.gz", "-20240523.gz", ".20240523-100627"] {
      #expect(
        Origin<String>(fileName: "ack1.default.sleep-0.istio-proxy.log" + ending) == identity, "\(ending)")
    }
    #expect(Origin<String>(fileName: "ack1.default.sleep-0.istio-proxy.1") == nil)
  }

  @Test func `is a log's in a folder`() {
    for name in [
      "x.log", "x.log.gz", "x.log.1", "x.log-20240523", "x.log-20240523.gz", "0.log.20240523-100627",
    ] {
      #expect(LogFileName.isLog(name), "\(name)")
    }
    for name in [".x.log", "x.txt", "x.json.1", "access_log.1", "x.log-20249923"] {
      #expect(!LogFileName.isLog(name), "\(name)")
    }
  }
}
