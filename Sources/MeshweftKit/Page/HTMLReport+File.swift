extension HTMLReport {
  /// Writes a page to a file, whole or not at all: one that is there already stays until the new one is. Into a
  /// pipe or a device it is written as it comes, and that stays what it is. A database is not written over.
  /// - Returns: what was written, in a sentence.
  /// - Throws: `UsageError` where the file is a database or belongs to one; `OutputFileError`
  public func write(_ page: [UInt8], to path: String) throws -> [String] {
    let file = OutputFile(path)
    let refusal: String?
    do throws(OutputFile.Failure) {
      refusal = try file.refusal(beside: database)
      if refusal == nil { try file.write(page) }
    } catch {
      throw OutputFileError(description: "\(Shown.path(path)) cannot be written: \(error)")
    }
    if let refusal { throw UsageError("-o: \(Shown.path(path)) \(refusal)") }
    return ["wrote \(Shown.path(path)) (\(Quantity.bytes(Int64(page.count))))"]
  }
}
