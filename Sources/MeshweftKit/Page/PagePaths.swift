internal import AccessLog
internal import Correlation

/// Paths as the page gets them: places and services by number, durations as histograms, so that a filter can add
/// several paths up and still have quantiles.
struct PagePaths {
  private let cube: PageCube
  private(set) var places: [PathSummary.Place] = []
  private(set) var services: [String] = []
  /// By `PageCube.paths`.
  private var numbers: [PathSummary.Way: Int] = [:]
  private var placeNumbers: [PathSummary.Place: Int] = [:]
  private var serviceNumbers: [String: Int] = [:]
  private let isCoarse: Bool

  init(_ cube: PageCube) {
    self.cube = cube
    let bins = cube.paths.reduce(0) { sum, path in
      sum + path.clientTimes.bins.count + path.serverTimes.bins.count + path.borderTimes.bins.count
    }
    isCoarse = bins * 2 > PageLimits.histogramNumbers
    for (number, path) in cube.paths.enumerated() {
      numbers[path.way] = number
      for place in [path.way.from, path.way.to].compactMap({ $0 }) + path.way.via { add(place) }
      guard serviceNumbers[path.way.service] == nil else { continue }
      serviceNumbers[path.way.service] = services.count
      services.append(path.way.service)
    }
  }

  private mutating func add(_ place: PathSummary.Place) {
    guard placeNumbers[place] == nil else { return }
    placeNumbers[place] = places.count
    places.append(place)
  }

  func number(of way: PathSummary.Way) -> Int? { numbers[way] }

  func writePlaces(to writer: inout JSONWriter) {
    writer.array(places) { writer, place in
      writer.object { writer in
        writer.member("workload", place.workload)
        writer.member("mesh_cluster", place.meshCluster)
      }
    }
  }

  func writePaths(to writer: inout JSONWriter) {
    writer.array(cube.paths) { write($1, to: &$0) }
  }

  private func write(_ path: PathSummary, to writer: inout JSONWriter) {
    let way = path.way
    writer.object { writer in
      writer.member("from", way.from.flatMap { placeNumbers[$0] }.map(Int64.init))
      writer.key("via")
      writer.array(way.via.compactMap { placeNumbers[$0] }) { $0.integer(Int64($1)) }
      writer.member("to", way.to.flatMap { placeNumbers[$0] }.map(Int64.init))
      writer.member("service", serviceNumbers[way.service].map(Int64.init))
      writer.member("carrier", way.carrierStatus.name)
      writer.member("end", way.end.rawValue)
      writer.member("requests", path.requests)
      writer.member("connections", path.connections)
      writer.member("failures", path.failures)
      writer.key("by_flag")
      Report.Value.counts(path.byFlag.sorted { $0.key < $1.key }.map { .init(name: $0.key, count: $0.value) })
        .write(to: &writer)
      writer.member("bytes_sent", path.bytesSent)
      writer.member("bytes_received", path.bytesReceived)
      writer.member("confidence", path.confidenceMean, digits: 4)
      writer.member(
        "confidence_min", path.requests > 0 ? Double(path.confidenceMin) / 10_000 : nil, digits: 4)
      writer.member("pods", path.pods.count)
      writer.key("client")
      write(path.clientTimes, to: &writer)
      writer.key("server")
      write(path.serverTimes, to: &writer)
      writer.key("border")
      write(path.borderTimes, to: &writer)
    }
  }

  /// Bin and count by turns; each bin as its distance from the one before.
  private func write(_ times: DurationSum, to writer: inout JSONWriter) {
    var last: Int64 = 0
    writer.array { writer in
      for (bin, count) in isCoarse ? PagePaths.coarse(times.bins) : times.bins {
        writer.integer(Int64(bin) - last)
        writer.integer(count)
        last = Int64(bin)
      }
    }
  }

  /// A histogram's durations with two digits each: fewer bins, of as many requests in all.
  private static func coarse(_ bins: [(bin: UInt16, count: Int64)]) -> [(bin: UInt16, count: Int64)] {
    var coarse: [(bin: UInt16, count: Int64)] = []
    for (bin, count) in bins {
      var unit: Int64 = 1
      let duration = DurationHistogram.microseconds(bin)
      while duration / unit >= 100 { unit *= 10 }
      let rounded = DurationHistogram.bin((duration + unit / 2) / unit * unit)
      if coarse.last?.bin == rounded {
        coarse[coarse.count - 1].count += count
      } else {
        coarse.append((rounded, count))
      }
    }
    return coarse
  }
}
