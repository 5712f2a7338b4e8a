import Foundation
import TestSupport
import Testing

/// Files as they are packed, laid and encoded by others.
@Suite struct `Files as others lay and pack them` {
  private static let line =
    #"[2025-03-04T08:15:02.417Z] "GET /a HTTP/1.1" 200 - via_upstream - "-" 0 812 14 13 "-" "okhttp/4.12.0" "a1b20001-1c2d-4e5f-8a9b-c0ffee000001" "items.shop:8080" "10.42.3.17:8080" outbound|8080||items.shop.svc.cluster.local 10.42.1.9:45122 10.43.88.10:8080 10.42.1.9:51034 - default"#
  private static let other = line.replacing("02.417Z", with: "03.417Z")
  private static let pod = "shop_web-6c9f8d7b5c-x2k4q_0c6f1d0e-1b2c-4d5e-8f90-a1b2c3d4e5f6"

  private static func ingest(_ arguments: [String], in folder: ScratchFolder) throws -> (
    Int, JSONValue, String
  ) {
    let outcome = try Meshweft.run(["ingest", "--no-correlate", "-o", "json"] + arguments, in: folder)
    return (outcome.status, try JSONValue(parsing: outcome.output), outcome.errorText)
  }

  private static func pods(in folder: ScratchFolder) throws -> [String] {
    let outcome = try Meshweft.run(["hops", "-o", "json"], in: folder)
    let hops = try JSONValue(parsing: outcome.output)["hops"]?.array ?? []
    return hops.map {
      "\($0["namespace"]?.string ?? "-") \($0["pod"]?.string ?? "-") \($0["container"]?.string ?? "-")"
    }
  }

  @Test func `folders are read to any depth, and links in them are not followed`() throws {
    let folder = try ScratchFolder()
    try folder.write("outside/x.log", Self.line + "\n")
    try folder.write(
      "logs/pods/\(Self.pod)/istio-proxy/0.log", "2025-03-04T08:15:02.43Z stdout F \(Self.line)\n")
    try folder.write(
      "logs/pods/\(Self.pod)/istio-proxy/0.log.20250304-081502.gz",
      try Gzip.pack(Array("2025-03-04T08:15:03.43Z stdout F \(Self.other)\n".utf8)))
    // Equal lines of logs that name nobody would be one line, told of twice.
    try folder.write("logs/a/envoy.log", Self.line.replacing("GET /a", with: "GET /b") + "\n")
    try folder.write("logs/b/envoy.log", Self.line.replacing("GET /a", with: "GET /c") + "\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("logs/a/out"), withDestinationPath: folder.file("outside"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("logs/a/loop"), withDestinationPath: folder.file("logs"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("logs/a/y.log"), withDestinationPath: folder.file("outside/x.log"))
    let (status, counts, errors) = try Self.ingest(["logs"], in: folder)
    #expect(status == 0, "\(errors)")
    #expect(counts["stored"] == .integer(4))
    let pods = try Self.pods(in: folder)
    #expect(pods.filter { $0 == "shop web-6c9f8d7b5c-x2k4q istio-proxy" }.count == 2)
    #expect(counts["sources"]?.array?.count == 3)
  }

  @Test func `the same log in another format below it is left out`() throws {
    let folder = try ScratchFolder()
    let name = "ack1.shop.web-6c9f8d7b5c-x2k4q.istio-proxy.log"
    try folder.write("logs/\(name)", Self.line + "\n")
    let json = Self.line.replacing("okhttp", with: "OkHttp")
    try folder.write("logs/istio-json/\(name).gz", try Gzip.pack(Array((json + "\n" + Self.other).utf8)))
    let (status, counts, _) = try Self.ingest(["logs"], in: folder)
    #expect(status == 0)
    #expect(counts["stored"] == .integer(1))
    // What begins at another time is another part of it.
    try folder.write("logs/archive/\(name)", Self.other + "\n")
    #expect(try Self.ingest(["logs"], in: folder).1["stored"] == .integer(1))
  }

  @Test(arguments: ["tar -cf", "tar --format=pax -cf", "tar --format=gnu -cf", "tar -czf"])
  func `a tar is read member by member`(command: String) throws {
    let folder = try ScratchFolder()
    let deep = String(repeating: "long-folder-name/", count: 12)
    try folder.write("t/bug-report/\(deep)proxies/shop/web-0/istio-proxy.log", Self.line + "\n")
    try folder.write("t/bug-report/proxies/shop/web-1/istio-proxy.log", Self.line + "\n" + Self.other)
    try folder.write("t/bug-report/analyze/report.json", "{\"a\":1}\n")
    try folder.write("t/x/web-2.log.gz", try Gzip.pack(Array((Self.line + "\n").utf8)))
    #expect(try Meshweft.runShell("cd t && \(command) ../all.tar .", in: folder).status == 0)
    for arguments in [["all.tar"], []] {
      let outcome = try Meshweft.runShell(
        "meshweft ingest --no-correlate -o json \(arguments.first ?? "- < all.tar")", in: folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let counts = try JSONValue(parsing: outcome.output)
      #expect(counts["lines"] == .integer(4))
      #expect(counts["skipped"] == .integer(0) && counts["rejected"] == .integer(0))
    }
    let pods = try Self.pods(in: folder)
    #expect(pods.filter { $0 == "shop web-0 istio-proxy" }.count == 1)
    #expect(pods.filter { $0 == "shop web-1 istio-proxy" }.count == 2)
    let half = try folder.bytes("all.tar")
    try folder.write("cut.tar", half.prefix(command.contains("z") ? half.count / 2 : 700))
    #expect(try Self.ingest(["cut.tar"], in: folder).0 == 2)
  }

  @Test(arguments: ["zstd", "xz", "bzip2", "lz4"])
  func `what a program of the system's packed is read through it, or the command is said`(tool: String) throws
  {
    let folder = try ScratchFolder()
    let text = (0..<20_000).map { "[2025-03-04T08:15:02.417Z]" + Self.line.dropFirst(26) + "\($0)\n" }
      .joined()
    try folder.write("x.log", text)
    guard try Meshweft.runShell("\(tool) -c x.log > y.log.packed", in: folder).status == 0 else { return }
    let (status, counts, errors) = try Self.ingest(["y.log.packed"], in: folder)
    #expect(status == 0, "\(errors)")
    #expect(counts["stored"] == .integer(20_000))
    let piped = try Meshweft.runShell("cat y.log.packed | meshweft ingest --no-correlate -o json", in: folder)
    #expect(piped.status == 0)
    // Cut: what came out is stored, and the exit code says that it is not all.
    let packed = try folder.bytes("y.log.packed")
    try folder.write("cut.log.packed", packed.prefix(packed.count / 2))
    let cut = try Self.ingest(["cut.log.packed"], in: folder)
    #expect(cut.0 == 2 && cut.2.contains(tool), "\(cut.2)")
    let binary = try Meshweft.runShell("command -v meshweft", in: folder).outputText.split(separator: "\n")[0]
    let without = try Meshweft.runShell("PATH=/nowhere \(binary) ingest -o json y.log.packed", in: folder)
    #expect(without.status == 2)
    #expect(
      without.errorText.contains("\(tool) -dc y.log.packed | meshweft ingest -"), "\(without.errorText)")
  }

  @Test func `a zip is refused by its name, with the way round`() throws {
    let folder = try ScratchFolder()
    try folder.write("x.zip", [0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0, count: 600))
    let (status, _, errors) = try Self.ingest(["x.zip"], in: folder)
    #expect(status == 2)
    #expect(errors.contains("unzip -p x.zip | meshweft ingest -"), "\(errors)")
  }

  @Test(arguments: [(false, true), (true, true), (false, false), (true, false)])
  func `UTF-16 is read, with its mark and without`(isBigEndian: Bool, hasMark: Bool) throws {
    let folder = try ScratchFolder()
    let text =
      (hasMark ? "\u{FEFF}" : "") + Self.line.replacing("/a", with: "/ä€😀") + "\r\n" + Self.other + "\r\n"
    let bytes = text.utf16.flatMap { unit -> [UInt8] in
      let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return isBigEndian ? pair.reversed() : pair
    }
    try folder.write("x.log", bytes)
    let (status, counts, _) = try Self.ingest(["x.log"], in: folder)
    #expect(status == 0)
    #expect(counts["stored"] == .integer(2))
    let hops = try Meshweft.run(["hops", "-o", "json"], in: folder)
    #expect(hops.outputText.contains("/ä€😀"))
    // The same lines in UTF-8 are the same hops.
    try folder.write("x.log", String(text.drop { $0 == "\u{FEFF}" }))
    #expect(try Self.ingest(["x.log"], in: folder).1["duplicate"] == .integer(2))
  }

  @Test func `access logs behind something unknown are unread, not noise`() throws {
    let folder = try ScratchFolder()
    let unread = (0..<10).map { "host7 app: " + Self.line.replacing("02.417", with: "0\($0).417") }
    try folder.write("x.log", (unread + ["hello", Self.line]).joined(separator: "\n") + "\n")
    let (status, counts, _) = try Self.ingest(["x.log"], in: folder)
    #expect(status == 2)
    #expect(counts["unread"] == .integer(10))
    #expect(counts["rejected"] == .integer(10))
    #expect(counts["skipped"] == .integer(1))
    let shown = try Meshweft.run(["ingest", "x.log"], in: folder)
    #expect(shown.errorText.contains("unread: an access log behind something unknown"))
    // A stray one is counted, and is no failure.
    let many = (0..<60).map { Self.line.replacing("02.417", with: "\($0 / 10)\($0 % 10).417") }
    try folder.write("y.log", (many + [unread[0]]).joined(separator: "\n") + "\n")
    let (few, sums, _) = try Self.ingest(["y.log"], in: folder)
    #expect(few == 0)
    #expect(sums["unread"] == .integer(1))
  }
}
