// Framing: the gz reader of MeshweftKit alone, without the store that the rest of that room needs. The other files here
// are links to its own.

/// Unpacks a whole file with `Inflater`, in pieces of chosen sizes.
package enum Gunzip {
  /// How it ended.
  package enum End: Sendable, Equatable { case whole, truncated, corrupt }

  /// - Parameters:
  ///   - packed: a file that begins with gz's two magic bytes.
  ///   - inputStep: bytes that are given to it at once.
  ///   - outputStep: bytes that it may write at once.
  ///   - limit: plain bytes at which it is left alone, for bombs; the end counts as whole then.
  /// - Returns: what came out before the end.
  package static func run(
    _ packed: [UInt8], inputStep: Int, outputStep: Int, limit: Int
  ) -> (plain: [UInt8], end: End) {
    let inflater = Inflater(path: "fuzz", start: Array(packed.prefix(2)))
    var (plain, offset): ([UInt8], Int) = ([], 2)
    var buffer = [UInt8](repeating: 0, count: outputStep)
    do throws(InputError) {
      while plain.count < limit {
        let count = try inflate(inflater, &buffer)
        plain += buffer[..<count]
        if count > 0 { continue }
        guard offset < packed.count else {
          try inflater.finish()
          return (plain, .whole)
        }
        let room = unsafe inflater.inputRoom()
        let step = min(inputStep, room.count, packed.count - offset)
        unsafe room.copyBytes(from: packed[offset..<offset + step])
        inflater.received(step)
        offset += step
      }
      return (plain, .whole)
    } catch {
      if case .truncatedGzip = error { return (plain, .truncated) }
      return (plain, .corrupt)
    }
  }

  private static func inflate(_ inflater: Inflater, _ buffer: inout [UInt8]) throws(InputError) -> Int {
    let result: Result<Int, InputError> = unsafe buffer.withUnsafeMutableBytes { bytes in
      do throws(InputError) {
        return .success(unsafe try inflater.inflate(into: bytes))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
