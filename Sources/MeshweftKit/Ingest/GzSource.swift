/// gz inside something else; what is gz itself `ByteReader` has unpacked.
final class GzSource: ByteSource {
  private let source: any ByteSource
  private let inflater: Inflater

  init(_ source: any ByteSource, path: String) {
    self.source = source
    inflater = Inflater(path: path, start: [])
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
  {
    while true {
      // Safe: the buffer is the caller's for the time of the call; the room is the inflater's, which lives as long as this.
      let count = try unsafe inflater.inflate(into: buffer)
      if count > 0 { return .bytes(count) }
      let room = unsafe inflater.inputRoom()
      switch try unsafe source.read(into: room, waiting: milliseconds) {
      case .idle: return .idle
      case .end:
        try inflater.finish()
        return .end
      case .bytes(let count): inflater.received(count)
      }
    }
  }
}
