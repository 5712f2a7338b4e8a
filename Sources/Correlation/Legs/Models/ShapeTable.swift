/// Models of the pairs of mesh clusters that can be compared.
struct ShapeTable {
  private var models: [UInt64: ShapeModel] = [:]
  /// By client cluster: the server clusters, in the order in which they came.
  private var partnersOf: [Int32: [Int32]] = [:]

  var isEmpty: Bool { models.isEmpty }

  subscript(client: Int32, server: Int32) -> ShapeModel? { models[FlatKey.pack(client, server)] }

  /// Server clusters that the calls of a client cluster are compared with.
  func partners(of client: Int32) -> [Int32] { partnersOf[client] ?? [] }

  mutating func add(_ model: ShapeModel, _ client: Int32, _ server: Int32) {
    models[FlatKey.pack(client, server)] = model
    partnersOf[client, default: []].append(server)
  }
}
