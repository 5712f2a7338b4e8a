internal import AccessLog

/// What a user may say about an ingest.
public struct IngestOptions: Sendable {
  /// Identity that overrides what envelopes, lines and file names say; empty where not given.
  public var meshCluster = ""
  public var namespace = ""
  public var pod = ""
  public var container = ""
  /// An Envoy format string for lines in a text format of one's own.
  public var format: String?
  /// `name=key,…`: which JSON key holds which field.
  public var fieldMap: String?

  public init() {}

  var identity: InputIdentity {
    InputIdentity(meshCluster: meshCluster, namespace: namespace, pod: pod, container: container)
  }
}
