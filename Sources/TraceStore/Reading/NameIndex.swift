/// Names and their places in sorted order.
struct NameIndex {
  private(set) var names: [String] = []
  private var places: [String: Int32] = [:]

  init(_ all: some Sequence<String>) {
    names = Set(all).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for (place, name) in names.enumerated() { places[name] = Int32(place) }
  }

  /// -1 where there is no such name.
  subscript(name: String) -> Int32 { places[name] ?? -1 }

  /// For each place here the one of the same name in another index.
  func places(in other: NameIndex) -> [Int32] { names.map { other[$0] } }
}
