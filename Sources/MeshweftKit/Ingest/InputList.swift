internal import FoundationEssentials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The files behind the arguments of an ingest.
struct InputList {
  struct Input: Equatable {
    /// `-` for standard input; where the name is no text, what people see of it.
    var path: String
    /// What the system knows the file by.
    var name: FileName
    /// The log's file name without folders and .gz; nil for a stream.
    var logName: String?
  }

  private(set) var inputs: [Input] = []
  private(set) var errors: [InputError] = []
  private(set) var ignoredFiles = 0

  /// Folders give their `*.log` and `*.log.gz`, rotated ones included, in the order of their names, not those of
  /// folders inside: what lies deeper is often the same log in another format.
  init(arguments: [String]) {
    for argument in arguments {
      if argument == "-" {
        addStandardInput()
        continue
      }
      var isFolder = false
      guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) else {
        errors.append(.notFound(path: argument))
        continue
      }
      if isFolder { addFolder(argument) } else { addFile(FileName(argument)) }
    }
  }

  /// A closed one must be told from an empty one now: the next file that is opened gets its number.
  private mutating func addStandardInput() {
    if fcntl(STDIN_FILENO, F_GETFD) < 0 {
      errors.append(.unreadable(path: "-", reason: "it is closed"))
    } else {
      inputs.append(Input(path: "-", name: FileName("-"), logName: nil))
    }
  }

  private mutating func addFile(_ name: FileName) {
    let path = name.text
    let isStream = path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
    inputs.append(Input(path: path, name: name, logName: isStream ? nil : InputList.logName(path)))
  }

  private mutating func addFolder(_ path: String) {
    guard let names = FileName.all(inFolder: path) else {
      errors.append(.unreadable(path: path, reason: "the folder cannot be listed"))
      return
    }
    let logs = names.filter { InputList.isLog($0.text) }.sorted()
    ignoredFiles += names.count - logs.count
    if logs.isEmpty { errors.append(.emptyFolder(path: path)) }
    let folder = Array((path.hasSuffix("/") ? path : path + "/").utf8)
    for name in logs { addFile(FileName(bytes: folder + name.bytes)) }
  }

  /// `x.log`, `x.log.gz`, and what kubelet and logrotate make of them: `0.log.20240523-100627.gz`, `x.log.1`.
  private static func isLog(_ name: String) -> Bool {
    guard !name.hasPrefix(".") else { return false }
    return name.hasSuffix(".log") || name.contains(".log.")
  }

  private static func logName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }
}
