/// For assertions: what lists promise about their order.
extension Collection {
  /// Whether `holds` is true of every element and the one behind it.
  package func isOrdered(_ holds: (Element, Element) -> Bool) -> Bool {
    zip(self, dropFirst()).allSatisfy { holds($0, $1) }
  }
}
