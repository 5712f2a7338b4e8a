extension IngestProgress {
  /// `[#######.....] 57 %  443 MB  612 000 lines/s  1 s left`, at most so many columns wide.
  public func line(columns: Int) -> String {
    let rate = Quantity.rate(lines, seconds: seconds)
    var text =
      "\(Quantity.bytes(bytes))  \(Quantity.grouped(lines)) lines  \(Quantity.grouped(rate)) lines/s"
    if let logs { text = "\(logs.read) of \(Quantity.counted(Int64(logs.known), "log"))  " + text }
    if let totalBytes, totalBytes > 0 {
      let share = min(1, Double(bytes) / Double(totalBytes))
      let filled = Int(share * 20)
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
      text = "[\(bar)] \(Int(share * 100)) %  " + text
      if share > 0.02, share < 1 {
        text += "  \(Quantity.duration(seconds: seconds / share * (1 - share))) left"
      }
    }
    return String(text.prefix(max(20, columns)))
  }
}

extension IngestSummary {
  /// For people, on standard error.
  public var text: String {
    var lines: [String] = []
    for rejected in rejectedLines {
      lines.append("rejected \(Shown.text(rejected.source)):\(rejected.line): \(rejected.reason)")
      if !rejected.excerpt.isEmpty { lines.append("    \(rejected.excerpt)") }
    }
    if counts.rejected > Int64(rejectedLines.count) {
      lines.append(
        "… and \(Quantity.counted(counts.rejected - Int64(rejectedLines.count), "more rejected line"))")
    }
    lines.append(
      "\(Quantity.counted(counts.lines, "line")) = \(Quantity.grouped(counts.stored)) stored"
        + " + \(Quantity.grouped(counts.duplicate)) duplicate + \(Quantity.grouped(counts.skipped)) skipped"
        + " + \(Quantity.grouped(counts.rejected)) rejected"
        + (counts.repaired > 0 ? " (\(Quantity.grouped(counts.repaired)) repaired)" : "")
        + (counts.unread > 0 ? " (\(Quantity.grouped(counts.unread)) unread)" : ""))
    let rate = Quantity.rate(counts.lines, seconds: seconds)
    lines.append(
      Quantity.counted(Int64(sources.count), "source") + (otherSources == nil ? "" : " and others")
        + ", \(Decimals.text(seconds, digits: 2)) s, \(Quantity.grouped(rate)) lines/s")
    if let firstStart, let lastStart {
      lines.append("from \(Instant.text(firstStart)) to \(Instant.text(lastStart))")
    }
    if objects > 0 {
      lines.append(
        "\(Quantity.counted(objects, "Kubernetes object")) read, \(Quantity.grouped(newObjects)) of them new")
    }
    if ignoredFiles > 0 {
      lines.append(
        "\(Quantity.counted(Int64(ignoredFiles), "file")) in the folders skipped: not named *.log or *.log.gz"
      )
    }
    if repeatedFiles > 0 {
      lines.append(
        "\(Quantity.counted(Int64(repeatedFiles), "log")) in subfolders skipped: logs of the same names lie in a folder above"
      )
    }
    if isLargelyUnread {
      lines.append(
        "\(Quantity.counted(counts.unread, "line")) hold an access log behind a prefix that meshweft does not know: cut "
          + "it off and ingest the log again (docs/reference/formats.md lists the known ones)")
    }
    if wasInterrupted {
      lines.append(
        "interrupted: the lines counted here are stored; run the command again to add the rest")
    }
    if leavesUnlinked {
      lines.append(
        "not all lines are linked into traces yet: the next report does that, or `meshweft correlate`")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `meshweft.ingest/1`
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema", "meshweft.ingest/1")
      counts.write(to: &writer)
      writer.key("sources")
      writer.array(sources) { writer, source in
        writer.object { writer in
          writer.member("source", source.source)
          writer.member("mesh_cluster", source.meshCluster.isEmpty ? nil : source.meshCluster)
          writer.member("namespace", source.namespace.isEmpty ? nil : source.namespace)
          writer.member("pod", source.pod.isEmpty ? nil : source.pod)
          writer.member("container", source.container.isEmpty ? nil : source.container)
          source.counts.write(to: &writer)
        }
      }
      writer.key("other_sources")
      if let otherSources {
        writer.object { otherSources.write(to: &$0) }
      } else {
        writer.null()
      }
      writer.member("kubernetes_objects", objects)
      writer.member("new_kubernetes_objects", newObjects)
      writer.member("first_start_time", firstStart.map { Instant.text($0) })
      writer.member("last_start_time", lastStart.map { Instant.text($0) })
      writer.key("rejected_lines")
      writer.array(rejectedLines) { writer, rejected in
        writer.object { writer in
          writer.member("source", rejected.source)
          writer.member("line", rejected.line)
          writer.member("reason", rejected.reason)
          writer.member("excerpt", rejected.excerpt)
        }
      }
      writer.member("errors", inputErrors.map(\.description))
      writer.key("interrupted")
      writer.boolean(wasInterrupted)
      writer.member("seconds", seconds, digits: 3)
    }
    writer.newline()
    return writer.bytes
  }
}

extension IngestCounts {
  func write(to writer: inout JSONWriter) {
    writer.member("lines", lines)
    writer.member("stored", stored)
    writer.member("duplicate", duplicate)
    writer.member("skipped", skipped)
    writer.member("rejected", rejected)
    writer.member("repaired", repaired)
    writer.member("unread", unread)
  }
}

extension Correlate.Summary {
  /// For people, on standard error.
  public var text: String {
    hops == 0
      ? "nothing to correlate"
      : "\(Quantity.counted(Int64(hops), "hop")) correlated in \(Decimals.text(seconds, digits: 2)) s"
  }

  /// `meshweft.correlate/1`, one line.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema", "meshweft.correlate/1")
      writer.member("hops", hops)
      writer.member("seconds", seconds, digits: 3)
    }
    writer.newline()
    return writer.bytes
  }
}
