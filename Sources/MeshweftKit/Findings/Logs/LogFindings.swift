internal import TraceStore

/// What is missing or odd about the logs themselves.
enum LogFindings {
  static func find(_ context: FindingContext, _ reader: StoreReader) throws -> [Finding] {
    if context.lines.lines.isEmpty { return [empty] }
    return LogMissing.find(context) + OpenConnections.find(context) + Identities.find(context)
      + SilentSources.find(context) + (try Clocks.find(reader, context)) + FieldsMissing.find(context)
  }

  private static var empty: Finding {
    var finding = Finding(
      kind: .emptyStore, severity: .warning, from: 0, to: 0,
      sentence: "There is no line in the database, or none of the time that was asked for.")
    finding.evidence = ["`meshweft sources` lists what there is."]
    finding.remedies = [.init("Ingest logs: `meshweft ingest logs/`.")]
    return finding
  }
}
