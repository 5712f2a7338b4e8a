/// `-o`
public enum OutputForm: String, Sendable, CaseIterable {
  case table, wide, json, ndjson, csv
}
