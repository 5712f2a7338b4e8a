import Testing

@testable import TraceStore

@Suite struct `What SQLite says` {
  /// Every primary result code, and those of locks that a network file system does not give.
  @Test func `is said in words with what to do`() {
    // 9 is an interruption, which is no fault of the file's.
    let primary = Array(Int32(1)...8) + Array(10...28)
    let codes = primary + [8, 9, 14, 15, 17, 19, 20, 21, 24].map { 10 | $0 << 8 } + [12_345]
    for code in codes {
      let error = StoreError(code: code, detail: "what it says", path: "/none/such/x.db", busySeconds: 5)
      #expect(!error.description.contains("SQLite error"), "\(code)")
      #expect(!error.description.contains("unable to open"), "\(code)")
      #expect(error.description.hasPrefix("/none/such/x.db"), "\(code)")
      #expect(error.description.count > 25, "\(code): \(error.description)")
    }
    let missing = StoreError(code: 14, detail: "", path: "/none/such/x.db", busySeconds: 5)
    #expect(missing.description.contains("its folder is not there"))
  }
}
