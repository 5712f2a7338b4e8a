/// A few links in order, the first of which lies in place: hardly a hop has more, and an array for each would cost
/// an allocation per hop.
///
/// Where every hop is looked at, `first` and `others` are read where they lie (in a `Span` of outcomes): what the
/// collection does by itself, like `dropFirst`, copies the list, and costs ten times as much.
package struct LinkList: Sendable, MutableCollection, RandomAccessCollection, ExpressibleByArrayLiteral {
  package private(set) var first: Link?
  /// Empty without a first one.
  package private(set) var others: [Link] = []

  package init() {}

  package init(arrayLiteral links: Link...) {
    for link in links { append(link) }
  }

  package mutating func append(_ link: Link) {
    if first == nil { first = link } else { others.append(link) }
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { first == nil ? 0 : others.count + 1 }
  package var count: Int { endIndex }

  package subscript(_ place: Int) -> Link {
    get {
      guard place == 0, let first else { return others[place - 1] }
      return first
    }
    set {
      if place == 0 { first = newValue } else { others[place - 1] = newValue }
    }
  }
}
