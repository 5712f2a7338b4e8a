import AccessLog
import TestSupport
import Testing

@testable import AccessLog

@Suite struct `Keyed hashes` {
  /// The vectors of the reference implementation: key 00 01 … 0f, inputs 00 01 … of each length.
  @Test func `SipHash is SipHash-2-4`() {
    let key = SipKey(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
    let known: [(count: Int, hash: UInt64)] = [
      (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
      (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5),
    ]
    for (count, hash) in known { #expect(key.hash((0..<count).map { UInt8($0) }) == hash) }
    #expect(key.hash(words: [0x0706_0504_0302_0100]) == key.hash((0..<8).map { UInt8($0) }))
  }

  /// FIPS 180-4's examples.
  @Test func `SHA-256 is SHA-256`() {
    let known: [(text: String, first: UInt64)] = [
      ("", 0xe3b0_c442_98fc_1c14), ("abc", 0xba78_16bf_8f01_cfea),
      ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 0x248d_6a61_d206_38b8),
      (String(repeating: "a", count: 1000), 0x41ed_ece4_2d63_e8d9),
    ]
    for (text, first) in known { #expect(SHA256.first128(Array(text.utf8)).high == first) }
  }

  private static func hash(_ line: [UInt8], _ secret: SipKey, source: UInt64 = 1) -> UInt64 {
    PaddedBytes.withCopy(of: line) { LineHash(secret).of($0, source: source) }
  }

  @Test(arguments: [0, 1, 8, 15, 16, 17, 63, 64, 65, 127, 770, 1023, 1024, 1025, 2048, 5000])
  func `of a line depends on each byte, the length, the source and the secret`(count: Int) {
    let secret = SipKey(1, 2)
    var random = SplitMix64(seed: UInt64(count))
    let line = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    let hash = Self.hash(line, secret)
    var others: Set<UInt64> = [
      Self.hash(line + [0], secret), Self.hash(line, secret, source: 2), Self.hash(line, SipKey(1, 3)),
    ]
    let places = stride(from: 0, to: count, by: max(1, count / 200))
    for place in places {
      var other = line
      other[place] ^= 1 << UInt8(place % 8)
      others.insert(Self.hash(other, secret))
    }
    #expect(!others.contains(hash))
    #expect(others.count == 3 + Array(places).count)
    #expect(Self.hash(line, secret) == hash)
  }

  private static func bytes(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }

  /// A factor of the open hash is zero where a line has its constant in it, and what came before is forgotten.
  @Test func `lines that share the open hash are two lines`() {
    let constant = Self.bytes(0xE703_7ED1_A0B4_28DB)
    let lines = (0..<64 as Range<UInt64>).map { number in
      constant + Self.bytes(number) + [UInt8](repeating: 7, count: 48)
    }
    let open = Set(lines.map { line in PaddedBytes.withCopy(of: line) { Hash128.of($0, seed: 0).low } })
    #expect(open.count == 1)
    #expect(Set(lines.map { Self.hash($0, SipKey(5, 6)) }).count == lines.count)
  }

  @Test func `sources whose names are cut elsewhere are two`() {
    let identities = LineIdentities(HashSecret(key: SipKey(1, 2), lines: .keyed))
    let one = identities.source(["a", "b\u{0}c"], open: "x").secret
    #expect(one != identities.source(["a\u{0}b", "c"], open: "x").secret)
    #expect(one == identities.source(["a", "b\u{0}c"], open: "y").secret)
  }

  @Test func `texts have one number each`() {
    let numbers = TextNumbers()
    let texts = (0..<2000).map { Array("text \($0 % 1000)".utf8) }
    let given = texts.map { text in unsafe text.withUnsafeBytes { unsafe numbers.number(of: $0) } }
    #expect(Set(given).count == 1000 && given.prefix(1000) == given.suffix(1000))
    numbers.removeAll()
    #expect(numbers.count == 0 && numbers.bytes == 0)
  }
}
