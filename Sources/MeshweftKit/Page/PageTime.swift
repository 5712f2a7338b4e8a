internal import AccessLog

/// The pieces that a page's charts cut time into: equal in width, only where there is something, with the gaps left
/// out. Logs of one incident today and one last month make two short stretches, not a month of nothing.
struct PageTime: Equatable {
  /// Microseconds; whole seconds.
  private(set) var width: Int64
  /// Starts in microseconds since the epoch, and how many buckets follow each other from there.
  private(set) var stretches: [Stretch] = []

  struct Stretch: Equatable {
    var start: Int64
    var buckets: Int
  }

  /// Seconds; each a whole number of the one before, or of days.
  private static let widths: [Int64] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
    604_800,
    2_592_000,
  ]

  /// A gap is left out if it is so many buckets long, and longer than all the time in which there is something.
  private static let gapBuckets: Int64 = 15

  /// - Parameters:
  ///   - starts: of the pieces that hold anything.
  ///   - resolution: how long these pieces are, in microseconds.
  init(_ starts: some Sequence<Int64>, resolution: Int64 = LegTable.minute) {
    let starts = Set(starts).sorted()
    width = resolution
    for seconds in PageTime.widths where seconds * 1_000_000 >= resolution {
      width = seconds * 1_000_000
      stretches = PageTime.stretches(starts, width)
      let count = stretches.reduce(0) { $0 + $1.buckets }
      if count <= PageLimits.buckets, stretches.count <= PageLimits.stretches { return }
    }
    // Clocks decades apart: no width makes that one chart; the newest stretches are shown.
    stretches = Array(stretches.suffix(PageLimits.stretches))
  }

  private static func stretches(_ starts: [Int64], _ width: Int64) -> [Stretch] {
    let floors = Set(starts.map { floor($0, width) }).sorted()
    let gap = max(gapBuckets, Int64(floors.count)) * width
    var stretches: [Stretch] = []
    for floor in floors {
      guard let last = stretches.last, floor - (last.start + Int64(last.buckets) * width) < gap else {
        stretches.append(Stretch(start: floor, buckets: 1))
        continue
      }
      stretches[stretches.count - 1].buckets = Int((floor - last.start) / width) + 1
    }
    return stretches
  }

  private static func floor(_ start: Int64, _ width: Int64) -> Int64 {
    start - (start % width + width) % width
  }

  /// The number of the bucket that a time falls into, counted over all stretches; nil outside them.
  func index(of time: Int64) -> Int? {
    var before = 0
    for stretch in stretches {
      if time >= stretch.start, time < stretch.start + Int64(stretch.buckets) * width {
        return before + Int((time - stretch.start) / width)
      }
      before += stretch.buckets
    }
    return nil
  }
}

extension PageTime {
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("width_s", width / 1_000_000)
      writer.key("stretches")
      writer.array(stretches) { writer, stretch in
        writer.array([stretch.start / 1000, Int64(stretch.buckets)]) { $0.integer($1) }
      }
    }
  }
}
