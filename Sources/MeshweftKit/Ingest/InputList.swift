internal import AccessLog
internal import FoundationEssentials
internal import TraceStore
internal import Platform

/// The files behind the arguments of an ingest.
struct InputList {
  struct Input: Equatable {
    /// `-` for standard input; where the name is no text, what people see of it.
    var path: String
    /// What the system knows the file by.
    var name: FileName
    /// The log's file name without folders and .gz; nil for a stream.
    var logName: String?
    /// A pipe that was found in a folder, not named: nobody need be there to write to it.
    var isFoundPipe = false
    /// What its place says about who wrote it.
    var identity: Origin<String>?
  }

  /// Files first: a stream that goes on keeps no file waiting.
  var inputs: [Input] { files + streams }
  private let store: StoreFiles
  private var files: [Input] = []
  private var streams: [Input] = []
  private(set) var errors: [InputError] = []
  private(set) var ignoredFiles = 0
  /// What was found in folders and is no log, a sentence each.
  private(set) var notes: [String] = []
  /// Logs that were left out because the same ones lie in a folder above.
  private(set) var repeatedFiles = 0

  /// Folders give their logs, those of the folders inside, too (`FolderWalk`), rotated ones included, in the order of their
  /// names.
  /// - Throws: `UsageError` where a stream is named twice: its bytes come once.
  init(arguments: [String], sparing store: StoreFiles) throws {
    self.store = store
    for argument in arguments {
      if argument == "-" {
        addStandardInput()
        continue
      }
      let name = FileName(argument)
      switch FileStatus(name)?.kind {
      case nil: errors.append(.notFound(path: name.text))
      case .folder: addFolder(name)
      case .file: addFile(name)
      case .pipe, .socket, .characterDevice, .blockDevice:
        streams.append(Input(path: name.text, name: name, logName: InputList.streamLogName(name)))
      }
    }
    leaveOutSecondNames()
    try checkStreams()
  }

  /// A pipe in a folder that has another name there, or was named beside, is read by that one alone.
  private mutating func leaveOutSecondNames() {
    var seen = Set(streams.lazy.filter { !$0.isFoundPipe }.compactMap { FileStatus($0.name)?.identity })
    streams.removeAll { stream in
      guard stream.isFoundPipe, let identity = FileStatus(stream.name)?.identity else { return false }
      if seen.insert(identity).inserted { return false }
      notes.append("\(Shown.path(stream.path)) left out: it is another name of a pipe that is read")
      return true
    }
  }

  /// A closed one must be told from an empty one now: the next file that is opened gets its number.
  private mutating func addStandardInput() {
    if fcntl(STDIN_FILENO, F_GETFD) < 0 {
      errors.append(.unreadable(path: "-", reason: "it is closed"))
    } else {
      streams.append(Input(path: "-", name: FileName("-"), logName: nil))
    }
  }

  private mutating func addFile(_ name: FileName, relative: String? = nil) {
    let logName = InputList.isOfSystem(name) ? nil : InputList.logName(name, relative: relative)
    var input = Input(path: name.text, name: name, logName: logName)
    if let identity = PathNames.identity(of: name.text) {
      // The file's own name (`0.log`) is that of many: the pod's name is the log's.
      input.identity = identity
      input.logName = nil
    }
    files.append(input)
  }

  private mutating func addFolder(_ folder: FileName) {
    guard let walk = FolderWalk(folder, sparing: store) else {
      errors.append(.unreadable(path: folder.text, reason: "the folder cannot be listed"))
      return
    }
    ignoredFiles += walk.others
    repeatedFiles += walk.repeated
    if walk.logs.isEmpty { errors.append(.emptyFolder(path: folder.text)) }
    for log in walk.logs { addFound(log.name, relative: log.relative) }
  }

  /// What is no file is not opened because it is called like a log: a device may do anything then.
  private mutating func addFound(_ name: FileName, relative: String) {
    switch FileStatus(name)?.kind {
    case .file, nil: addFile(name, relative: relative)
    case .folder: ignoredFiles += 1
    case .pipe:
      let logName = InputList.logName(name, relative: relative)
      streams.append(Input(path: name.text, name: name, logName: logName, isFoundPipe: true))
    case .socket: notes.append("\(Shown.path(name.text)) left out: it is a socket")
    case .characterDevice, .blockDevice: notes.append("\(Shown.path(name.text)) left out: it is a device")
    }
  }

  /// Standard input twice, or one pipe by two names: the second one would find nothing, or half of the lines.
  private func checkStreams() throws(UsageError) {
    var seen: [FileIdentity: String] = [:]
    for stream in streams where stream.path != "/dev/null" {
      let isStandardInput = stream.path == "-"
      guard let status = isStandardInput ? FileStatus(descriptor: STDIN_FILENO) : FileStatus(stream.name)
      else {
        continue
      }
      if let other = seen.updateValue(stream.path, forKey: status.identity) {
        let names = Set([other, stream.path]).sorted().map {
          $0 == "-" ? "- (standard input)" : Shown.path($0)
        }
        throw UsageError(
          "\(names.joined(separator: " and ")): one stream, named twice; a stream can be read only once")
      }
    }
  }

  private static func streamLogName(_ name: FileName) -> String? {
    isOfSystem(name) ? nil : logName(name, relative: nil)
  }

  private static func isOfSystem(_ name: FileName) -> Bool {
    name.text.hasPrefix("/dev/") || name.text.hasPrefix("/proc/")
  }

  /// The file's name without .gz; where it lies deeper and does not say whose log it is, with the folders before it: two
  /// `envoy.log` are two logs.
  private static func logName(_ name: FileName, relative: String?) -> String {
    let own = withoutEnding(name.last.text)
    guard let relative, relative.contains("/"), Origin<String>(fileName: own) == nil else { return own }
    return withoutEnding(relative)
  }

  private static func withoutEnding(_ name: String) -> String {
    name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }
}

extension InputList {
  /// Whether logs come from standard input.
  var readsStandardInput: Bool { streams.contains { $0.path == "-" || StandardInput.isNamed(by: $0.name) } }
}
