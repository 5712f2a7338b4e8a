internal import AccessLog

/// The view `attribute_text`: the texts of each attribute set by the names of their fields, as `meshweft hops --field` asks for
/// them.
enum AttributeTextView {
  /// The fields that have a column of `attribute_set`.
  static let names =
    ["method", "authority", "protocol", "upstream_cluster", "requested_server_name"]
    + AttributeText.all.map(\.name)

  /// Makes the view, as it is now.
  static var remade: String {
    let parts = names.map {
      "SELECT id, '\($0)' AS name, \($0) AS text FROM attribute_set WHERE \($0) IS NOT NULL"
    }
    return """
      DROP VIEW IF EXISTS attribute_text;
      CREATE VIEW attribute_text AS
      SELECT f.id AS id, f.name AS name, t.text AS value FROM (
      \(parts.joined(separator: "\n  UNION ALL "))
      ) f JOIN text t ON t.id = f.text;

      """
  }
}
