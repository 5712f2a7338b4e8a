/// `withUnsafeBytes` with a typed error.
func withBytes<T>(
  of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(SQLiteFailure) -> T
) throws(SQLiteFailure) -> T {
  // Safe: the array outlives `body`, which must not keep its bytes.
  let result: Result<T, SQLiteFailure> = unsafe bytes.withUnsafeBytes { buffer in
    do throws(SQLiteFailure) { return unsafe .success(try body(buffer)) } catch { return .failure(error) }
  }
  return try result.get()
}
