internal import AccessLog
internal import GRDB

extension Schema {
  /// In the order of their versions.
  static let steps = (ownSteps + fieldSteps).sorted { $0.version < $1.version }

  /// A column for each field that came later, and the view that shows it.
  private static let fieldSteps = Set(AttributeText.all.map(\.since)).subtracting([StoreVersion.oldest]).map {
    version in
    let columns = AttributeText.all.filter { $0.since == version }.map {
      "ALTER TABLE attribute_set ADD COLUMN \($0.name) INTEGER REFERENCES text (id);\n"
    }
    return Step(
      version: version,
      sql: columns.joined() + "DROP VIEW hops;\n" + HopsView.create(version) + AttributeTextView.remade)
  }

  /// Version 1 was never released: what was made with it is refused, and its logs are ingested anew.
  private static let ownSteps = [
    Step(version: 2, sql: tables2 + rollups2 + vocabulary2 + views2),
    // Which rows of `pending` a unit's links know of: units may be correlated before all lines are there.
    Step(version: 3, sql: "ALTER TABLE correlated_unit ADD COLUMN seen INTEGER NOT NULL DEFAULT 0"),
    // The one hop of a stretch that waits, and what must be known of a unit for a late carrier to be linked alone.
    Step(
      version: 4,
      sql: """
        ALTER TABLE pending ADD COLUMN hop INTEGER;
        ALTER TABLE correlated_unit ADD COLUMN waiting_hops INTEGER;
        ALTER TABLE correlated_unit ADD COLUMN longest_us INTEGER;
        """),
    // Rollups added up over wider spans. Those of what is there already are made as it is correlated.
    Step(version: 5, sql: spans5),
    // Hashes that nobody can aim at.
    Step(version: 6, sql: StoreSecret.tables6, run: KeyedHashes.bringIn),
    // Who wrote a line: what was told apart from what it is taken for, roles by all lines of a log; hosts with their pods;
    // gateways, waypoints and ztunnel among the hops of a path.
    Step(version: 7, sql: SourceRoles.tables7 + sources7, run: ToldSources.bringIn),
    // What Kubernetes objects say.
    Step(version: 9, sql: kubernetes9),
    // Where `collect` goes on. Of a database from before nothing is known: each log is read again once.
    Step(version: 10, sql: collected10),
  ]
}
