/// The lines along which clocks run, as correlograms told them, each measured once: the hops that are left over stay the same
/// in all rounds of one matching of sequences.
final class MeasuredLines {
  private var lines: [UInt64: AnchorSearch.Line?] = [:]

  /// The line of a pair of mesh clusters; nil where none stands out.
  func line(_ client: Int32, _ server: Int32, measure: () -> AnchorSearch.Line?) -> AnchorSearch.Line? {
    let key = FlatKey.pack(client, server)
    if let known = lines[key] { return known }
    let line = measure()
    lines[key] = .some(line)
    return line
  }
}
