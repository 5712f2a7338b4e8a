/// The fast path of times: `2024-05-23T08:00:00.005Z`, as Envoy writes them, on the day of the line before.
///
/// Valid because the date's eleven bytes are compared with those that the full reading accepted, and the twelve behind
/// them have one digit or sign each; whatever has another form, or does not exist (24:00, a leap second), is read in
/// full. 50 instructions instead of 200.
struct TimestampMemo {
  /// The date's first eight bytes, and `DDT` behind them; no date at first.
  private var date: (UInt64, UInt64) = (0, .max)
  /// Microseconds from the epoch to the day's begin.
  private var dayMicroseconds: Int64 = 0

  @inline(__always)
  mutating func parse(_ text: PaddedBytes) -> Timestamp? {
    guard text.count == 24 else { return Timestamp.parse(text) }
    guard text.word(0) == date.0, text.word(8) & 0xFF_FFFF == date.1 else { return learn(text) }
    // `HH:MM:SS` and `.mmmZ`, their digits as numbers and their signs as zeros.
    let clock = text.word(11) ^ 0x3030_3A30_303A_3030
    let fraction = (text.word(19) & 0xFF_FFFF_FFFF) ^ 0x5A_3030_302E
    let signs = clock & 0x0000_FF00_00FF_0000 | fraction & 0xFF_0000_00FF
    let (hours, minutes, seconds) = (pair(clock, 0), pair(clock, 24), pair(clock, 48))
    guard signs == 0, ByteWords.areDigits(clock), ByteWords.areDigits(fraction), hours < 24, minutes < 60,
      seconds < 60
    else { return Timestamp.parse(text) }
    let milliseconds = (fraction >> 8 & 15) &* 100 &+ pair(fraction, 16)
    let time = ((hours &* 60 &+ minutes) &* 60 &+ seconds) &* 1000 &+ milliseconds
    return Timestamp(microseconds: dayMicroseconds &+ Int64(time) &* 1000, precisionMicroseconds: 1000)
  }

  /// Two digits as a number.
  @inline(__always)
  private func pair(_ digits: UInt64, _ shift: UInt64) -> UInt64 {
    (digits &>> shift & 15) &* 10 &+ (digits &>> (shift &+ 8) & 15)
  }

  @inline(never)
  private mutating func learn(_ text: PaddedBytes) -> Timestamp? {
    guard let time = Timestamp.parse(text) else { return nil }
    if text[4] == UInt8(ascii: "-"), let day = Timestamp.daysSinceEpoch(text) {
      date = (text.word(0), text.word(8) & 0xFF_FFFF)
      dayMicroseconds = Int64(day) * 86_400_000_000
    }
    return time
  }
}
