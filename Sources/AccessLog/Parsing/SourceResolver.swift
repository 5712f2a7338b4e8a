/// Finds each line's source. In order of precedence: flags, envelope, the file's name, the line's own fields, which
/// come last because a user agent can forge them in a template that does not escape.
struct SourceResolver {
  /// What a line's source is to its hops.
  struct Resolved {
    var index: Int32
    /// Its number among the sources of this input.
    var place: Int32
    var names: LineIdentities.Source
    var workload: WorkloadKind
    /// No pod is known.
    var isUnnamed: Bool
  }

  private let flags: Origin<String>
  private let fileIdentity: Origin<String>
  /// The log's name, or nil for a stream, whose name comes from the pod.
  private let logName: String?
  private let tables: ParserTables

  private var envelope = Origin<[UInt8]>()
  /// The line's own identity as it was last.
  private var ownIdentity = Origin<[UInt8]>()
  /// The source of the lines that said what the last one said; nil before the first line.
  private var resolved: Resolved?
  /// Sources by all that was said about them: logs of many pods change with every line. As bounded as the tables.
  private var known: [[UInt8]: Resolved] = [:]
  /// Number of each source among this input's, by its index.
  private var places: [Int32: Int32] = [:]
  /// The source that got the number 0, where a pod is known.
  private(set) var first: Int32?
  /// The tables' when these were right.
  private(set) var generation = 0

  init(flags: Origin<String>, logName: String?, fileIdentity: Origin<String>?, tables: ParserTables) {
    self.flags = flags
    self.logName = logName
    self.tables = tables
    self.fileIdentity = fileIdentity ?? logName.flatMap(Origin.init(fileName:)) ?? Origin()
    generation = tables.sourceGeneration
  }

  /// What the envelope says from this line on.
  mutating func setEnvelope(_ names: Origin<[UInt8]>) {
    envelope = names
    resolved = nil
  }

  /// The source of a line whose fields say nothing: of noise, of what cannot be read.
  mutating func current() -> Resolved {
    if generation != tables.sourceGeneration { forget() }
    if let resolved { return resolved }
    let key = sayings()
    let found = known[key] ?? resolve()
    known[key] = found
    resolved = found
    return found
  }

  /// Everything that was said, each with its length before it. Not a hash: two pods that share one would be one source.
  private func sayings() -> [UInt8] {
    var key: [UInt8] = []
    for part in envelope.names + ownIdentity.names {
      for shift in stride(from: 0, to: 32, by: 8) {
        key.append(UInt8(truncatingIfNeeded: part.count >> shift))
      }
      key += part
    }
    return key
  }

  /// The tables have started over.
  private mutating func forget() {
    generation = tables.sourceGeneration
    known.removeAll()
    places.removeAll()
    resolved = nil
  }

  private static let identityBits =
    Origin<[UInt8]>.fields.reduce(0) { $0 | 1 << UInt64($1.rawValue) } as UInt64

  @inline(__always)
  mutating func source(_ line: inout LineFields, _ fields: borrowing FieldTable) -> Resolved {
    // Nearly all formats leave it to the envelope or the file's name.
    if let resolved, generation == tables.sourceGeneration, ownIdentity.isEmpty,
      fields.present & SourceResolver.identityBits == 0
    {
      return resolved
    }
    return sourceByFields(&line, fields)
  }

  @inline(never)
  private mutating func sourceByFields(_ line: inout LineFields, _ fields: borrowing FieldTable) -> Resolved {
    if hasNewIdentity(line, fields) {
      ownIdentity = Origin()
      for field in Origin<[UInt8]>.fields where SourceResolver.name(field, line, fields) != nil {
        ownIdentity.fill(field, line.bytes(field, fields) ?? [])
      }
      resolved = nil
    }
    return current()
  }

  /// Compares the line's own identity with the last one's, byte by byte, without a copy.
  private func hasNewIdentity(_ line: LineFields, _ fields: borrowing FieldTable) -> Bool {
    for field in Origin<[UInt8]>.fields {
      let known = ownIdentity[field]
      guard let name = SourceResolver.name(field, line, fields) else {
        if known.isEmpty { continue }
        return true
      }
      // Safe: the name's range is one of this line, which outlives the comparison.
      if unsafe !line.line.bytes(name.range).elementsEqual(known) { return true }
    }
    return false
  }

  /// A name that the line says, as it stands there; none where it is longer than names are.
  private static func name(
    _ field: Field, _ line: LineFields, _ fields: borrowing FieldTable
  ) -> FieldSlice? {
    guard let slice = line.slice(field, fields), slice.count <= Limits.nameBytes else { return nil }
    return slice
  }

  private mutating func resolve() -> Resolved {
    var around = Origin(envelope)
    // A ztunnel's line has Istio's id of the cluster; the user's name for it is that of the cluster's other logs.
    if envelope.container == ZtunnelLine.container, !fileIdentity.meshCluster.isEmpty {
      around.meshCluster = fileIdentity.meshCluster
    }
    let identity = flags.filled(from: around).filled(from: fileIdentity).filled(from: Origin(ownIdentity))
    let name = logName ?? (identity.pod.isEmpty ? "stdin" : identity.logName)
    let workload = identity.pod.isEmpty ? "" : WorkloadName.of(pod: identity.pod)
    let index = tables.index(of: SourceIdentity(name: name, origin: identity, workload: workload))
    let place = places[index] ?? Int32(places.count)
    places[index] = place
    if place == 0, !identity.pod.isEmpty { first = index }
    return Resolved(
      index: index, place: place,
      names: tables.identities.source(
        SourceResolver.parts(identity, name), open: SourceResolver.key(identity, name)),
      workload: WorkloadKind(workload: workload.isEmpty ? name : workload),
      isUnnamed: identity.pod.isEmpty)
  }

  /// What makes lines of one source: its pod where one is known, whatever the log is called; else the log's name, as it was
  /// before it was rotated (docs/explanation/decisions/0001).
  private static func key(_ identity: Origin<String>, _ name: String) -> String {
    identity.pod.isEmpty
      ? "\(identity.meshCluster)\u{0}\(LogFileName.unrotated(name))"
      : identity.names.map { $0 + "\u{0}" }.joined()
  }

  /// The parts that tell a source from others: its mesh cluster and its log, or its pod and container.
  private static func parts(_ identity: Origin<String>, _ name: String) -> [String] {
    identity.pod.isEmpty ? [identity.meshCluster, LogFileName.unrotated(name)] : identity.names
  }
}
