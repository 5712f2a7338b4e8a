internal import AccessLog
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
    /// What its place says about who wrote it.
    var identity: InputIdentity?
  }

  private(set) var inputs: [Input] = []
  private(set) var errors: [InputError] = []
  private(set) var ignoredFiles = 0
  /// Logs that were left out because the same ones lie in a folder above.
  private(set) var repeatedFiles = 0

  /// Folders give their logs, those of the folders inside, too (`FolderWalk`), in the order of their names.
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

  private mutating func addFile(_ name: FileName, relative: String? = nil) {
    let path = name.text
    let isStream = path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
    let logName = InputList.logName(path, relative: relative)
    var input = Input(path: path, name: name, logName: isStream ? nil : logName)
    if let identity = PathNames.identity(of: path) {
      // The file's own name (`0.log`) is that of many: the pod's name is the log's.
      input.identity = identity
      input.logName = nil
    }
    inputs.append(input)
  }

  private mutating func addFolder(_ path: String) {
    guard let walk = FolderWalk(FileName(path)) else {
      errors.append(.unreadable(path: path, reason: "the folder cannot be listed"))
      return
    }
    ignoredFiles += walk.others
    repeatedFiles += walk.repeated
    if walk.logs.isEmpty { errors.append(.emptyFolder(path: path)) }
    for log in walk.logs { addFile(log.name, relative: log.relative) }
  }

  /// The file's name without .gz; where it lies deeper and does not say whose log it is, with the folders before it: two
  /// `envoy.log` are two logs.
  private static func logName(_ path: String, relative: String?) -> String {
    let name = logName(path)
    guard let relative, relative.contains("/"), InputIdentity(fileName: name) == nil else { return name }
    return relative.hasSuffix(".gz") ? String(relative.dropLast(3)) : relative
  }

  private static func logName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }
}
