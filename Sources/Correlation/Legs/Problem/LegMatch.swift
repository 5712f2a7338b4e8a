/// What the leg matcher found: links, what became of carriers, and the clocks it had to estimate.
package struct LegMatch: Sendable {
  /// One for each hop that is no proxy's, sorted by hop id. A trace is the hop alone so far.
  package var outcomes: [HopOutcome]
  /// One entry per ordered pair of mesh clusters that requests went between, sorted by (client, server).
  package var clocks: [ClockEstimate]
  /// How many of the wanted hops wait for their carrier's line, where every link rests on what its own hops say: then a
  /// further carrier changes nothing but the links of the requests that went over it (`LateCarrier`), unless others wait,
  /// too. nil where more than ids and addresses had a say.
  package var waiting: Int? = nil
}
