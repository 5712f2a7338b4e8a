#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// System calls whose names methods have, too.
enum SystemCalls {
  // Safe: both stay within the count that they are given, and keep no pointer.
  static func read(_ fd: Int32, _ to: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.read(fd, to, count)
    #elseif canImport(Musl)
      unsafe Musl.read(fd, to, count)
    #else
      unsafe Darwin.read(fd, to, count)
    #endif
  }

  static func write(_ fd: Int32, _ from: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(fd, from, count)
    #elseif canImport(Musl)
      unsafe Musl.write(fd, from, count)
    #else
      unsafe Darwin.write(fd, from, count)
    #endif
  }
}
