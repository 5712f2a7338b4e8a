/// Where a hop's line stands: what orders hops that start at once.
struct HopLine {
  /// Place of the source among all, by their texts.
  var source: Int32
  var line: Int64
}
