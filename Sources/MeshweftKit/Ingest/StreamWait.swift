internal import Platform

enum StreamWait {
  /// Waits until one of the streams has bytes or an end, for so many milliseconds at most.
  static func wait(for descriptors: [Int32], _ milliseconds: Int32) {
    var waits = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // Safe: poll(2) looks at as many entries as there are.
    unsafe waits.withUnsafeMutableBufferPointer { waits in
      unsafe _ = poll(waits.baseAddress, nfds_t(waits.count), milliseconds)
    }
  }
}
