/// Numbers texts 0, 1, 2 … as they come: equal numbers mean equal bytes, for these are kept and compared.
package final class TextNumbers {
  private var table = TextTable(seed: .random(in: .min ... .max))

  package init() {}

  package func number(of text: UnsafeRawBufferPointer) -> Int32 {
    // Safe: the table sees a copy, which is as long as the bytes.
    let copy = unsafe Array(text)
    return PaddedBytes.withCopy(of: copy) { table.index(of: $0, mayGrow: true) } ?? -1
  }

  package var count: Int { table.count }
  /// Of the texts that are kept.
  package var bytes: Int { table.bytes }

  /// Forgets all: numbers that were given out mean nothing any more.
  package func removeAll() { table.removeAll() }
}
