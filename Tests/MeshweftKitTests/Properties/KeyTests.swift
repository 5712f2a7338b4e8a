import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Each database has a key of its own; nothing that is said may show it.
@Suite struct `Databases with other keys` {
  @Test(arguments: LogSetPlace.all)
  func `say the same of the same lines, byte for byte`(place: LogSetPlace) throws {
    let set = try place.loadForTest(atMost: 600)
    let meshes = try (0..<3).map { _ in
      let mesh = try ScratchMesh()
      try mesh.feed(set.files, IngestOptions())
      return mesh
    }
    let keys = try meshes.map { mesh in
      let writer = try StoreWriter(path: mesh.database)
      defer { try? writer.close() }
      return writer.secret
    }
    #expect(keys[0] != keys[1] && keys[1] != keys[2])
    let dumps = try meshes.map { mesh in try mesh.read { try $0.canonicalDump() } }
    let exports = try meshes.map { try $0.export() }
    for other in 1..<3 {
      #expect(difference(exports[other], exports[0]) == nil)
      #expect(difference(Array(dumps[other].utf8), Array(dumps[0].utf8)) == nil)
    }
  }
}
