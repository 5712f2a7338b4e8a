internal import AccessLog
internal import TraceStore

/// Everything that a page shows, as one JSON value: `meshweft.report/1`.
struct PageData {
  let title: String
  /// Microseconds since the epoch; nil where it is not said.
  let generatedAt: Int64?
  let window: LegTable.Window
  /// Sentences about what is shown: of the window, and of lines that were too many to be concluded from.
  let notes: [String]
  let cube: PageCube
  /// Load by the second, where there is little enough of it.
  let seconds: PageCube.Series?
  let sources: [StoredSource]
  let traces: PageTraces
  /// What `findings` says of the same service and time, the worst first.
  let findings: [Finding]
  /// What `doctor` says.
  let missing: [Doctor.Finding]

  var json: [UInt8] {
    let paths = PagePaths(cube)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema", "meshweft.report/1")
      writer.member("version", MeshweftVersion.text)
      writer.member("title", title)
      writer.member("generated_ms", generatedAt.map { $0 / 1000 })
      writeWindow(to: &writer)
      writer.member("notes", notes)
      writer.member("findings", cube.findings)
      writer.key("conclusions")
      writer.array(Array(findings.prefix(PageLimits.findings))) { $1.write(to: &$0) }
      writer.member("conclusions_omitted", max(0, findings.count - PageLimits.findings))
      writer.key("flags")
      writeFlags(to: &writer)
      writer.key("places")
      paths.writePlaces(to: &writer)
      writer.member("services", paths.services)
      writer.key("paths")
      paths.writePaths(to: &writer)
      writer.member("paths_omitted") { writer in
        writer.member("paths", cube.rest.paths)
        writer.member("requests", cube.rest.requests)
        writer.member("failures", cube.rest.failures)
      }
      writer.key("load")
      PageLoad(
        seconds ?? cube.series, resolution: seconds == nil ? LegTable.minute : PageSeconds.second, paths
      )
      .write(to: &writer)
      writer.key("imbalance")
      writer.array(cube.services) { PageService($1).write(to: &$0) }
      writer.member("services_omitted", cube.omittedServices)
      writeTraces(to: &writer)
      writer.key("doctor")
      writer.array(missing) { PageData.write($1, to: &$0) }
      writer.member("source_count", sources.count)
      writer.member("hops", sources.reduce(0) { $0 + $1.hops })
      writer.key("sources")
      writer.array(Array(sources.prefix(PageLimits.sources))) { PageData.write($1, to: &$0) }
    }
    return writer.bytes
  }

  private func writeWindow(to writer: inout JSONWriter) {
    writer.member("window") { writer in
      writer.member("first_ms", cube.firstStart.map { $0 / 1000 })
      writer.member("last_ms", cube.lastStart.map { $0 / 1000 })
      writer.member("since_ms", window.since.map { $0 / 1000 })
      writer.member("until_ms", window.until.map { $0 / 1000 })
    }
  }

  /// In words, those that occur.
  private func writeFlags(to writer: inout JSONWriter) {
    var used = Set(cube.paths.flatMap(\.byFlag.keys))
    for hop in traces.traces.flatMap(\.trace.hops) { used.formUnion(hop.responseFlags) }
    writer.object { writer in
      for flag in used.sorted() {
        if let words = FlagGuide.meaning(flag) { writer.member(flag, words) }
      }
    }
  }

  private func writeTraces(to writer: inout JSONWriter) {
    writer.key("traces")
    writer.array(traces.traces) { PageTrace($1).write(to: &$0) }
    writer.key("slowest")
    writer.array(traces.slowest) { $0.integer(Int64($1)) }
    writer.key("failed")
    writer.array(traces.failed) { $0.integer(Int64($1)) }
  }

  private static func write(_ finding: Doctor.Finding, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("level", finding.level.rawValue)
      writer.member("subject", finding.subject)
      writer.member("finding", finding.text)
      writer.member("advice", finding.advice)
    }
  }

  private static func write(_ source: StoredSource, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", source.name)
      writer.member("mesh_cluster", source.origin.meshCluster)
      writer.member("namespace", source.origin.namespace)
      writer.member("pod", source.origin.pod)
      writer.member("workload", source.workload)
      writer.member("roles", source.roles.map { "\($0.role) \($0.hops)" })
      writer.member("hops", source.hops)
      writer.member("first_ms", source.firstStartMicroseconds.map { $0 / 1000 })
      writer.member("last_ms", source.lastStartMicroseconds.map { $0 / 1000 })
      writer.key("silences")
      writer.array(source.silences) { writer, silence in
        writer.array([silence.fromMicroseconds / 1000, silence.durationMicroseconds / 1000]) {
          $0.integer($1)
        }
      }
    }
  }
}
