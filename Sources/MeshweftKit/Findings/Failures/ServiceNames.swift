/// Services by what a caller may write in a request: `httpbin:8000`, `httpbin.default`, …
struct ServiceNames {
  private let names: [String]

  init(_ names: some Sequence<String>) { self.names = names.sorted() }

  /// The service that an authority means; the authority itself where none, or several, fit.
  func service(ofAuthority authority: String?) -> String? {
    guard let authority else { return nil }
    let found = names.filter { ServiceName.fits($0, asked: authority) }
    return found.count == 1 ? found[0] : authority
  }
}
