internal import AccessLog

/// What a user may say about an ingest.
public struct IngestOptions: Sendable {
  /// Identity that overrides what envelopes, lines and file names say; empty where not given.
  public var meshCluster = ""
  /// The pods' namespace.
  public var namespace = ""
  /// The pod.
  public var pod = ""
  /// The container.
  public var container = ""
  /// An Envoy format string for lines in a text format of one's own.
  public var format: String?
  /// `name=key,…`, or a YAML file's name: which JSON key holds which field.
  public var fieldMap: String?

  /// Whether an ingest correlates what it stored before it ends.
  public var correlates = true

  /// Rows in a batch: large enough that sorting them makes the store's writes sequential, small enough for memory.
  var batchRows = Limits.batchRows
  /// Sources that the parser remembers, and those with counts of their own; tests make them small.
  var tableSources = Limits.tableSources
  var summarySources = Limits.summarySources
  /// Hops in a piece of time that is linked; tests make it small, so that there are many.
  var unitHops = CorrelationUnits.maximumHops

  /// Nothing said: all comes from envelopes, lines and file names.
  public init() {}

  /// - Throws: `UsageError`
  func parsedFormat() throws -> TextFormat? {
    guard let format else { return nil }
    do throws(TextFormatError) {
      return try TextFormat(format)
    } catch {
      throw UsageError("--format: \(Shown.text(error.description))")
    }
  }

  /// `database`: whose files are not taken for a map; `readsStandardInput`: whether logs come from there.
  /// - Throws: `UsageError`
  func parsedFieldMap(database: String, readsStandardInput: Bool, stop: StopFlag) throws -> FieldMap? {
    // A JSON template says with its keys what they hold.
    guard let fieldMap else { return format.flatMap(FieldMap.init(jsonFormat:)) }
    if let file = FieldMapFile(fieldMap, database: database) {
      if readsStandardInput, file.isStandardInput {
        throw UsageError(
          "--field-map and the logs cannot both come from standard input; put one of them in a file")
      }
      return try file.map(stop: stop)
    }
    do throws(FieldMapError) {
      return try FieldMap(fieldMap)
    } catch {
      throw UsageError("--field-map: \(Shown.text(error.description))")
    }
  }

  var identity: Origin<String> {
    Origin<String>(meshCluster: meshCluster, namespace: namespace, pod: pod, container: container)
  }
}
