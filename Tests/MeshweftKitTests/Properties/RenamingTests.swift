import Foundation
import TestSupport
import Testing

@testable import MeshweftKit

/// What things are called says nothing: the same lines with other request ids, pods and addresses, each renamed everywhere alike,
/// give the same links.
@Suite struct `Other names` {
  /// Sets without calls that an app made itself: those are divided by draws that follow the order of lines of one millisecond.
  @Test(
    arguments: LogSetPlace.samples.andLarge(["nat-noid-keepalive", "nat-noid-same", "faults"]),
    [1, 2] as [UInt64])
  func `give the same links`(place: LogSetPlace, seed: UInt64) throws {
    let set = try place.loadForTest(atMost: 3_000)
    var names = Names(seed: seed)
    let renamed = set.mapping { names.renamed($0) }
    let (one, other) = (try links(set), try links(renamed))
    #expect(!one.isEmpty)
    #expect(one.symmetricDifference(other).isEmpty)
  }

  /// Each link as the places of its two lines in the set: the number of the log, and of the line in it.
  private func links(_ set: LogSet) throws -> Set<[String]> {
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, IngestOptions())
    let numbers = Dictionary(uniqueKeysWithValues: set.files.enumerated().map { ($1.name, $0) })
    var links: Set<[String]> = []
    for trace in try mesh.export().split(separator: 0x0A) {
      let object = try JSONSerialization.jsonObject(with: Data(trace)) as? [String: Any]
      let hops = object?["hops"] as? [[String: Any]] ?? []
      let places = hops.map { hop in
        let source = (hop["source"] as? String ?? "").split(separator: "/").last.map(String.init) ?? ""
        return "\(numbers[source] ?? -1):\(hop["line"] as? Int ?? -1)"
      }
      for (place, hop) in zip(places, hops) {
        let parent = (hop["parent"] as? [String: Any])?["hop"] as? Int
        if let parent { links.insert(["parent", place, places[parent]]) }
        for via in hop["via"] as? [[String: Any]] ?? [] {
          if let carrier = via["hop"] as? Int { links.insert(["via", place, places[carrier]]) }
        }
      }
    }
    return links
  }
}

/// New names for request ids, pods and IP addresses, the same for the same.
private struct Names {
  private var random: SplitMix64
  private var known: [String: String] = [:]
  private var taken: Set<String> = []

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func renamed(_ file: LogFile) -> LogFile {
    var file = file
    var parts = file.name.split(separator: ".").map(String.init)
    if parts.count == 5 {
      parts[2] = name(of: parts[2]) { old, random in
        let workload = old.split(separator: "-").dropLast().joined(separator: "-")
        return workload + "-" + String(UInt64.random(in: 36 << 20...36 << 26, using: &random), radix: 36)
      }
    }
    file.name = parts.joined(separator: ".")
    file.lines = file.lines.map { renamed($0) }
    return file
  }

  private mutating func renamed(_ line: [UInt8]) -> [UInt8] {
    guard var text = String(validating: line, as: UTF8.self) else { return line }
    let ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
    let addresses = /(?:10|172|203|192)\.\d+\.\d+\.\d+/
    text.replace(ids) { match in
      name(of: String(match.output)) { _, random in
        UUID(uuid: (0..<2).map { _ in random.next() }.uuid).uuidString.lowercased()
      }
    }
    text.replace(addresses) { match in
      name(of: String(match.output)) { _, random in
        let bits = random.next()
        return "10.\(bits % 250).\(bits >> 16 % 250).\(1 + bits >> 32 % 250)"
      }
    }
    return Array(text.utf8)
  }

  private mutating func name(of old: String, _ make: (String, inout SplitMix64) -> String) -> String {
    if let name = known[old] { return name }
    var name = make(old, &random)
    while !taken.insert(name).inserted { name = make(old, &random) }
    known[old] = name
    return name
  }
}

extension [UInt64] {
  /// Two words as the bytes of an id.
  fileprivate var uuid: uuid_t {
    let bytes = flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    return (
      bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9],
      bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
    )
  }
}
