internal import AccessLog
internal import Yams

/// A field map in a YAML file (JSON is YAML, too): field names and the key, or keys, that hold them.
///
///     start_time: when
///     request_id: [x_req_id, cid]
struct FieldMapFile {
  private let path: String
  private let file: WholeFile

  /// Nil where the text is no file's name but the map itself: `name=key,…`.
  init?(_ text: String, database: String) {
    file = WholeFile(text, database: database)
    guard file.isThere || text.hasSuffix(".yaml") || text.hasSuffix(".yml") else { return nil }
    path = text
  }

  /// Whether it comes from standard input, from which nothing else can then.
  var isStandardInput: Bool { StandardInput.isNamed(by: file.name) }

  /// - Throws: `UsageError`, with the file's name and where in it.
  func map(stop: StopFlag) throws -> FieldMap {
    let bytes: [UInt8]
    do throws(WholeFile.Failure) {
      bytes = try file.read(limit: Limits.fieldMapBytes, stop: stop)
    } catch {
      throw usage("\(error)")
    }
    let pairs = try pairs(String(decoding: bytes, as: UTF8.self))
    do throws(FieldMapError) {
      return try FieldMap(pairs: pairs)
    } catch {
      throw usage("is no field map: \(Shown.text(error.description))")
    }
  }

  private func pairs(_ text: String) throws -> [(name: String, key: String)] {
    guard let mapping = try node(text)?.mapping else {
      throw usage("holds no mapping; write a line `name: key` for each field")
    }
    return try mapping.flatMap { name, value -> [(name: String, key: String)] in
      guard let name = name.scalar?.string else { throw usage("names a field that is no text") }
      let keys = value.sequence.map(Array.init) ?? [value]
      return try keys.map { key in
        guard let key = key.scalar?.string else {
          throw usage("has something else than keys for \(Shown.text(name, limit: 40))")
        }
        return (name, key)
      }
    }
  }

  private func node(_ text: String) throws -> Node? {
    do { return try compose(yaml: text) } catch {
      throw usage("is not YAML: \(Shown.text(String(describing: error), limit: 200))")
    }
  }

  private func usage(_ text: String) -> UsageError {
    UsageError("--field-map: \(Shown.path(path)) \(text)")
  }
}
