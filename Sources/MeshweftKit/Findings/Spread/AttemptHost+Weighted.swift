extension AttemptHost {
  func workload(_ lines: FindingLines) -> String {
    source >= 0 ? lines.sources[source].workload : ""
  }
}
