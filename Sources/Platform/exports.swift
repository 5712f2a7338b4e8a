// Platform: the C library of the system, under one name. Where a method has the name of a function, the function is
// `Platform.read`.

#if canImport(Glibc)
  @_exported public import Glibc
#elseif canImport(Musl)
  @_exported public import Musl
#else
  @_exported public import Darwin
#endif
