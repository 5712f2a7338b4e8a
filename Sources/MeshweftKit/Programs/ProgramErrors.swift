internal import Platform

/// The end of what a program says on its standard error, however much that is.
///
/// Safe: the array whose address read(2) gets outlives the call.
struct ProgramErrors {
  private static let keptBytes = 4096
  let descriptor: Int32
  private var bytes: [UInt8] = []
  private(set) var isOpen: Bool

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    isOpen = descriptor >= 0
  }

  /// Takes what is there, without waiting; of an endless flow a bounded part.
  mutating func drain() {
    for _ in 0..<16 where isOpen {
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&wait, 1, 0) > 0 else { return }
      var piece = [UInt8](repeating: 0, count: ProgramErrors.keptBytes)
      let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        isOpen = false
        return
      }
      bytes += piece[..<count]
      if bytes.count > ProgramErrors.keptBytes { bytes.removeFirst(bytes.count - ProgramErrors.keptBytes) }
    }
  }

  /// What was kept.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
