internal import CZlib
internal import Glibc

/// A file could not be made or written.
struct WriteFailure: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "cannot write \(path): \(reason)" }
}

/// One pod's log being written: a buffer of 256 KiB in front of a file, plain or gzipped.
///
/// `finish` must be called at the end; what is in the buffer without it is lost.
@safe
final class LogFile {
  @unsafe private enum Output {
    case plain(Int32)
    case gzip(gzFile)
  }

  /// Fast rather than small: the generator is not to be the slowest part of a benchmark.
  private static let gzipMode = "wb1"

  private let path: String
  private let output: Output
  private let prefixesTimestamps: Bool
  private var sink = ByteSink()
  /// Before compression.
  private(set) var bytesWritten = 0

  init(path: String, gzipped: Bool, prefixesTimestamps: Bool) throws(WriteFailure) {
    self.path = path
    self.prefixesTimestamps = prefixesTimestamps
    if gzipped {
      guard let file = unsafe gzopen(path, Self.gzipMode) else {
        throw WriteFailure(path: path, reason: "zlib cannot open it")
      }
      unsafe output = unsafe .gzip(file)
    } else {
      let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw WriteFailure(path: path, reason: lastSystemError()) }
      unsafe output = unsafe .plain(descriptor)
    }
  }

  /// `prefix`: what stands before the line, if anything does.
  func write(_ line: LogLine, as layout: LineLayout, behind prefix: Text = .missing) throws {
    if !sink.hasRoomForLine { try flush() }
    layout.write(prefix, into: &sink)
    if prefixesTimestamps {
      sink.append(epochMicroseconds: line.endMicroseconds, fractionDigits: 9)
      sink.append(UInt8(ascii: " "))
    }
    layout.write(line, into: &sink)
  }

  func finish() throws {
    try flush()
    switch unsafe output {
    case .plain(let descriptor):
      guard close(descriptor) == 0 else { throw WriteFailure(path: path, reason: lastSystemError()) }
    case .gzip(let file):
      guard unsafe gzclose(file) == Z_OK else {
        throw WriteFailure(path: path, reason: "zlib cannot close it")
      }
    }
  }

  private func flush() throws {
    bytesWritten += sink.count
    let path = path
    switch unsafe output {
    case .plain(let descriptor):
      try unsafe sink.drain { bytes in
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
          let written = unsafe Glibc.write(
            descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
          if written < 0, errno == EINTR { continue }
          guard written > 0 else { throw WriteFailure(path: path, reason: lastSystemError()) }
          unsafe rest = rest.dropFirst(written)
        }
      }
    case .gzip(let file):
      try unsafe sink.drain { bytes in
        guard unsafe !bytes.isEmpty else { return }
        guard unsafe gzwrite(file, bytes.baseAddress, UInt32(bytes.count)) == bytes.count else {
          throw WriteFailure(path: path, reason: "zlib cannot write to it")
        }
      }
    }
  }
}

/// What the system says about its last failed call.
func lastSystemError() -> String {
  unsafe String(cString: strerror(errno))
}
