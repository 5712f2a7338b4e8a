// Queries: the SQL of every report, one file per statement in sql/, embedded in the binary.
//
// Those in sql/people/ answer a question by themselves. What runs is what a person can read there, copy, and run by hand:
//
//     sqlite3 -header meshweft.db '.parameter init' '.parameter set :limit 5' '.read Queries/sql/people/hops.sql'
//
// A parameter that is not set is NULL, which means there: no restriction. Those in sql/plumbing/ are parts of what the
// library does: their rows may be packed, and without their parameters they may have none. `meshweft query` runs both,
// `--list` shows the first.
//
// Each file opens with the statement's grain, its parameters and its order. This room knows no database: TraceStore
// runs them.

/// A statement of a report.
package struct Query: Sendable, Hashable {
  /// The file's name without `.sql`.
  package let name: String
  /// The file's text.
  package let sql: String

  fileprivate init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.sql = String(decoding: bytes, as: UTF8.self)
  }
}

extension Query {
  package static let clocks = Query("clocks", PackageResources.clocks_sql)
  package static let collectedLogs = Query("collected_logs", PackageResources.collected_logs_sql)
  package static let connectionSpanCounts = Query(
    "connection_span_counts", PackageResources.connection_span_counts_sql)
  package static let connectionSpans = Query("connection_spans", PackageResources.connection_spans_sql)
  package static let coverageEdge = Query("coverage_edge", PackageResources.coverage_edge_sql)
  package static let coverageSources = Query("coverage_sources", PackageResources.coverage_sources_sql)
  package static let fieldCoverage = Query("field_coverage", PackageResources.field_coverage_sql)
  package static let findingAttributes = Query(
    "finding_attributes", PackageResources.finding_attributes_sql)
  package static let findingHops = Query("finding_hops", PackageResources.finding_hops_sql)
  package static let hops = Query("hops", PackageResources.hops_sql)
  package static let hop = Query("hop", PackageResources.hop_sql)
  package static let hopLink = Query("hop_link", PackageResources.hop_link_sql)
  package static let hopExtraCarriers = Query("hop_extra_carriers", PackageResources.hop_extra_carriers_sql)
  package static let hopIdentifiers = Query("hop_identifiers", PackageResources.hop_identifiers_sql)
  package static let identifierBlocks = Query("identifier_blocks", PackageResources.identifier_blocks_sql)
  package static let imbalanceHosts = Query("imbalance_hosts", PackageResources.imbalance_hosts_sql)
  package static let legBuckets = Query("leg_buckets", PackageResources.leg_buckets_sql)
  package static let legCounts = Query("leg_counts", PackageResources.leg_counts_sql)
  package static let legGroupKeys = Query("leg_group_keys", PackageResources.leg_group_keys_sql)
  package static let legGroups = Query("leg_groups", PackageResources.leg_groups_sql)
  package static let legPeaks = Query("leg_peaks", PackageResources.leg_peaks_sql)
  package static let legSlowest = Query("leg_slowest", PackageResources.leg_slowest_sql)
  package static let legSpanCounts = Query("leg_span_counts", PackageResources.leg_span_counts_sql)
  package static let legSpans = Query("leg_spans", PackageResources.leg_spans_sql)
  package static let legs = Query("legs", PackageResources.legs_sql)
  package static let linksBetween = Query("links_between", PackageResources.links_between_sql)
  package static let newestStarts = Query("newest_starts", PackageResources.newest_starts_sql)
  package static let proxyChains = Query("proxy_chains", PackageResources.proxy_chains_sql)
  package static let rollupSpans = Query("rollup_spans", PackageResources.rollup_spans_sql)
  package static let services = Query("services", PackageResources.services_sql)
  package static let sourceTimes = Query("source_times", PackageResources.source_times_sql)
  package static let sources = Query("sources", PackageResources.sources_sql)
  package static let textByID = Query("text_by_id", PackageResources.text_by_id_sql)
  package static let traceMembers = Query("trace_members", PackageResources.trace_members_sql)
  package static let tracesNewest = Query("traces_newest", PackageResources.traces_newest_sql)
  package static let tracesRanked = Query("traces_ranked", PackageResources.traces_ranked_sql)
  package static let undecidedLinks = Query("undecided_links", PackageResources.undecided_links_sql)

  /// What a person may run, by name: the statements in sql/people/.
  package static let forPeople = [
    clocks, collectedLogs, fieldCoverage, hops, imbalanceHosts, legGroups, legPeaks, services, sources,
    tracesNewest, tracesRanked, undecidedLinks,
  ]

  /// Parts of what the library does, by name: the statements in sql/plumbing/.
  package static let plumbing = [
    connectionSpanCounts, connectionSpans, coverageEdge, coverageSources, findingAttributes, findingHops,
    hop, hopExtraCarriers, hopIdentifiers, hopLink, identifierBlocks, legBuckets, legCounts,
    legGroupKeys, legSlowest, legSpanCounts, legSpans, legs, linksBetween, newestStarts, proxyChains,
    rollupSpans, sourceTimes, textByID, traceMembers,
  ]

  package static let all = forPeople + plumbing
}
