import Testing

@testable import AccessLog

@Suite struct `Memory of large tables` {
  @Test(arguments: [1, 64, 1 << 21 - 1, 1 << 21, 5 << 20 | 12345])
  func `is as large as asked for, zeroed and aligned`(count: Int) {
    let memory = unsafe LargeMemory.allocate(byteCount: count)
    defer { unsafe memory.deallocate() }
    #expect(memory.count == count)
    #expect(Int(bitPattern: memory.baseAddress) % (count < 1 << 21 ? 64 : 1 << 21) == 0)
    let isZeroed = unsafe memory.allSatisfy { $0 == 0 }
    #expect(isZeroed)
  }

  /// Advice is for whole pages: of memory that lies anywhere, what is before and behind them stays as it is.
  @Test(arguments: [0, 1, 4096, 3 << 20], [0, 1, 4096, 6 << 20])
  func `keeps its content where advice comes late`(skip: Int, count: Int) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 10 << 20, alignment: 16)
    defer { unsafe memory.deallocate() }
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 7)
    unsafe LargeMemory.advise(UnsafeMutableRawBufferPointer(rebasing: memory[skip..<skip + count]))
    let isKept = unsafe memory.allSatisfy { $0 == 7 }
    #expect(isKept)
  }
}
