internal import TraceStore

/// `meshweft imbalance`: how evenly a service's hosts are used, and why not.
public struct ImbalanceReport: Reporting {
  private let database: String
  private let options: ImbalanceOptions

  /// Reports on the store at `database`.
  public init(database: String, options: ImbalanceOptions) {
    self.database = database
    self.options = options
  }

  /// What the report says.
  struct Content {
    /// One per service, the one with most requests first.
    var services: [ServiceImbalance]
    /// Sentences for standard error.
    var notes: [String]
    /// Services beyond what `--fail-on` allows.
    var findings: [String]
    /// Lines wait to be linked that could not be: what is beyond a limit may not be seen.
    var isPartial: Bool
  }

  /// Notes first, then service by service.
  public func write(as form: OutputForm, to output: some ReportOutput) throws -> ReportVerdict {
    let content = try read()
    content.notes.forEach(output.note)
    try content.render(as: form, ink: output.ink) { try output.take($0) }
    return ReportVerdict(
      gate: options.failOn != nil, found: content.findings, isPartial: content.isPartial)
  }

  /// Services that an error names.
  private static let namedServices = 20

  /// - Throws: `UsageError`, `StoreError`
  func read() throws -> Content {
    let endpoints = options.endpoints?.endpoints
    let reader = try UpToDateStore.reader(database)
    let (sums, conclusions, notes, known) = try reader.snapshot {
      let table = try LegTable(reader, service: options.service, window: options.window)
      var sums = GroupSums(table)
      try table.forEach(.any, times: false, connections: { sums.add($0) }) { sums.add($0) }
      let byService = sums.byService
      let known = endpoints == nil ? try KnownEndpoints(reader) : KnownEndpoints()
      let conclusions = try SpreadConclusions(reader, byService, table.window, endpoints, known)
      return (byService, conclusions, table.window.notes + conclusions.notes, known)
    }
    if endpoints != nil, sums.count > 1 {
      let names = sums.keys.sorted()
      let shown = names.prefix(ImbalanceReport.namedServices).joined(separator: ", ")
      let more = names.count - ImbalanceReport.namedServices
      throw UsageError(
        "--endpoints lists one service's hosts: name the service, one of \(shown)"
          + (more > 0 ? " and \(Quantity.grouped(Int64(more))) more" : ""))
    }
    let spreads = sums.map { service, sums in
      var spread = ServiceSpread(service, sums)
      if let endpoints { spread.add(idle: endpoints) }
      let knowsEndpoints = spread.add(idle: known) || endpoints != nil
      return ServiceImbalance(
        spread, knowsEndpoints: knowsEndpoints, conclusion: conclusions.byService[service])
    }
    let services = spreads.filter(\.spread.hasSomething).sorted {
      ServiceSpread.isBusier($0.spread, $1.spread)
    }
    let nothing = services.isEmpty ? ["no requests to any service in the logs that were asked for"] : []
    return Content(
      services: services, notes: notes + nothing,
      findings: options.failOn.map { limit in services.compactMap(limit.finding) } ?? [],
      isPartial: !reader.notes.isEmpty)
  }
}
