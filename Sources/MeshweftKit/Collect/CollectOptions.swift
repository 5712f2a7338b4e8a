internal import AccessLog

/// What a user may say about collecting logs.
public struct CollectOptions: Sendable {
  /// Not empty.
  public var contexts: [CollectedContext] = []
  /// Namespaces whose pods are asked for; all of them where it is empty.
  public var namespaces: [String] = []
  /// How far back logs are read; nil for all of a log.
  public var since: TypedDuration?
  /// Logs are read on as they grow, and pods that come are read, too.
  public var follows = false
  /// Logs go on where the database ends; else they are read from their beginning.
  public var resumes = true
  /// Logs that are read at a time; nil for what fits.
  public var parallel: Int?
  /// A path, or a name to be looked up on the PATH.
  public var kubectl = "kubectl"
  /// What is said about the lines. Whose log it is, kubectl says.
  public var ingest = IngestOptions()
  /// Microseconds since the epoch.
  public var now: Int64 = 0

  /// No context yet.
  public init() {}

  /// How far back logs are read, seconds; nil where all of a log is.
  var sinceSeconds: Int64? { since.map { ($0.microseconds + 999_999) / 1_000_000 } }

  /// A name for the user's own format and field map, which is another one for others; empty for none.
  func readAs(database: String) -> String {
    guard ingest.format != nil || ingest.fieldMap != nil else { return "" }
    var text = Array((ingest.format ?? "").utf8) + [0] + Array((ingest.fieldMap ?? "").utf8) + [0]
    if let map = ingest.fieldMap, let file = FieldMapFile(map, database: database), !file.isStandardInput {
      text += (try? WholeFile(map, database: database).read(limit: Limits.fieldMapBytes)) ?? []
    }
    let name = SHA256.first128(text)
    return String(name.high, radix: 16) + String(name.low, radix: 16)
  }

  var limit: Int {
    parallel ?? (follows ? CollectLimits.parallelFollowed : CollectLimits.parallel)
  }

  /// - Throws: `UsageError`
  func check() throws {
    guard !contexts.isEmpty else {
      throw UsageError(
        "name at least one --context; `\(Kubectl(program: kubectl).shown(["config", "get-contexts"]))` lists them"
      )
    }
    for names in [contexts.map(\.name), contexts.map(\.meshCluster)] {
      var seen: Set<String> = []
      for name in names where !seen.insert(name).inserted {
        throw UsageError("--context: \(Shown.text(name, limit: 80)) is named twice")
      }
    }
    for namespace in namespaces where !KubernetesName.isValid(namespace) {
      throw UsageError("--namespace takes the name of a namespace, not \(Shown.text(namespace, limit: 80))")
    }
    if let parallel, !(1...CollectLimits.parallelAtMost).contains(parallel) {
      throw UsageError("--parallel takes a number from 1 to \(CollectLimits.parallelAtMost), not \(parallel)")
    }
    guard !kubectl.isEmpty else { throw UsageError("--kubectl takes a program's name or path") }
  }
}
