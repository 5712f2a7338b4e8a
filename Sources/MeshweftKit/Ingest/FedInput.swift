internal import AccessLog

/// An input that a feed gives: one log of one container.
final class FedInput {
  /// For people.
  let name: String
  let identity: Origin<String>
  let reader: ByteReader
  /// What is read: the reader's bytes, or what the feed makes of them.
  let source: any ByteSource

  init(name: String, identity: Origin<String>, reader: ByteReader, source: any ByteSource) {
    self.name = name
    self.identity = identity
    self.reader = reader
    self.source = source
  }
}
