/// Attempts, failures and busy time by path and host, in the page's pieces of time.
struct PageLoad {
  private let time: PageTime
  private let hosts: [PageHost]
  /// By path and host, each with its buckets in order.
  private let rows: [Row]

  private struct Row {
    var path: Int
    var host: Int
    var counts: [(bucket: Int, counts: PageCube.Counts)]
  }

  /// A host of a service.
  struct PageHost: Hashable {
    var service: String
    var host: String
  }

  /// `series` is by the second or the minute; `resolution` says which of the two, in microseconds.
  init(_ series: PageCube.Series, resolution: Int64, _ paths: PagePaths) {
    let time = PageTime(series.values.lazy.flatMap(\.keys), resolution: resolution)
    self.time = time
    var hosts: [PageHost] = []
    var numbers: [PageHost: Int] = [:]
    var rows: [Row] = []
    let cells = series.compactMap { cell, counts in
      paths.number(of: cell.way).map { (path: $0, cell: cell, counts: counts) }
    }
    for (path, cell, counts) in cells.sorted(by: { ($0.path, $0.cell.host) < ($1.path, $1.cell.host) }) {
      let host = PageHost(service: cell.way.service, host: cell.host)
      let number = numbers[host] ?? hosts.count
      if number == hosts.count {
        numbers[host] = number
        hosts.append(host)
      }
      rows.append(Row(path: path, host: number, counts: PageLoad.folded(counts, time)))
    }
    self.hosts = hosts
    self.rows = rows
  }

  private static func folded(
    _ counts: [Int64: PageCube.Counts], _ time: PageTime
  ) -> [(bucket: Int, counts: PageCube.Counts)] {
    var folded: [Int: PageCube.Counts] = [:]
    for (start, counts) in counts {
      if let bucket = time.index(of: start) { folded[bucket, default: .init()].add(counts) }
    }
    return folded.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// `{"time": …, "hosts": ["10.2.1.21:80", …], "rows": [[path, host, bucket, attempts, failures, busy µs, …], …]}`
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("time")
      time.write(to: &writer)
      writer.key("hosts")
      writer.array(hosts) { $0.string($1.host) }
      writer.key("rows")
      writer.array(rows) { writer, row in
        writer.array { writer in
          writer.integer(Int64(row.path))
          writer.integer(Int64(row.host))
          for (bucket, counts) in row.counts {
            for value in [Int64(bucket), counts.attempts, counts.failures, counts.busy] {
              writer.integer(value)
            }
          }
        }
      }
    }
  }
}
