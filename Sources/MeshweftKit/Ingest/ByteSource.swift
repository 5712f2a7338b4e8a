internal import Platform

/// Bytes of an input, or of another source that it takes something off.
protocol ByteSource: AnyObject {
  /// Fills `buffer` with as many bytes as come at once; `.idle` where a stream has none within so many milliseconds.
  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
}

extension ByteReader: ByteSource {}
