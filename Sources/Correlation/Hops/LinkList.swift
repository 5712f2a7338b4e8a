/// A few links in order, the first of which lies in place: hardly a hop has more, and an array for each would cost
/// an allocation per hop.
package struct LinkList: Sendable, MutableCollection, RandomAccessCollection, ExpressibleByArrayLiteral {
  private var head: Link?
  private var tail: [Link] = []

  package init() {}

  package init(arrayLiteral links: Link...) {
    for link in links { append(link) }
  }

  package mutating func append(_ link: Link) {
    if head == nil { head = link } else { tail.append(link) }
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { head == nil ? 0 : tail.count + 1 }

  // What the collection's own would find out by copying the list, once or twice per hop.

  package var first: Link? { head }
  package var count: Int { endIndex }

  package subscript(_ place: Int) -> Link {
    get {
      guard place == 0, let head else { return tail[place - 1] }
      return head
    }
    set {
      if place == 0 { head = newValue } else { tail[place - 1] = newValue }
    }
  }
}
