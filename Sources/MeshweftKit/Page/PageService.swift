internal import AccessLog

/// One service's imbalance as the page gets it: what `meshweft imbalance -o json` says, and who calls which host.
struct PageService {
  private let service: ServiceImbalance

  init(_ service: ServiceImbalance) { self.service = service }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("report")
      service.write(to: &writer, hosts: PageLimits.hostsPerService)
      writer.member("hosts", service.spread.hosts.count)
      writer.member("clients", requestsByClient.count)
      writer.key("matrix")
      writer.array(busiestClients) { writer, client in
        writer.object { writer in
          writer.member("client", client)
          writer.key("cells")
          writer.array(cells(of: client)) { writer, cell in
            writer.array([cell.host, Int64(cell.connections), cell.requests]) { $0.integer($1) }
          }
        }
      }
    }
  }

  private var requestsByClient: [String: Int64] {
    service.spread.drivers.values.reduce(into: [:]) { $0[$1.client, default: 0] += $1.requests }
  }

  private var busiestClients: [String] {
    let sorted = requestsByClient.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return sorted.prefix(PageLimits.clientsPerService).map(\.key)
  }

  /// Hosts by their number in the report.
  private func cells(of client: String) -> [(host: Int64, connections: Int, requests: Int64)] {
    let hosts = service.spread.sortedHosts.prefix(PageLimits.hostsPerService)
    return hosts.enumerated().compactMap { number, host in
      let pair = ServiceSpread.DriverPair(client: client, host: host.key)
      guard let driver = service.spread.drivers[pair] else { return nil }
      return (Int64(number), driver.connections, driver.requests)
    }
  }
}
