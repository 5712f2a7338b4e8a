/// How long the server hops lasted that are not linked yet: one model for all pairs of mesh clusters, learned once for each
/// precision of their times.
final class OpenDurations {
  private let index: ServerIndex
  private var models: [Double: DelayModel] = [:]

  init(_ open: OpenHops) { index = open.index }

  func model(unitOf shape: ShapeModel) -> DelayModel {
    if let known = models[shape.durations.unit] { return known }
    var model = shape.durations
    for duration in index.durations { model.add(Double(duration)) }
    models[model.unit] = model
    return model
  }
}
