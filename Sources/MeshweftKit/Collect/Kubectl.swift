/// The command lines of kubectl's that `collect` runs; there are no others, and all of them only read.
struct Kubectl {
  /// Which pods are listed.
  enum Scope: Hashable {
    case everywhere
    case namespace(String)
    /// The one that the context names.
    case ofContext
  }

  /// A path, or a name on the PATH.
  var program: String

  func list(_ kind: ListedKind, _ context: String, _ scope: Scope) -> [String] {
    let place: [String] =
      switch scope {
      case .everywhere: ["--all-namespaces"]
      case .namespace(let name): ["--namespace=\(name)"]
      case .ofContext: []
      }
    return ["--context=\(context)", "get", kind.rawValue] + (kind == .nodes ? [] : place)
      + ["--output=json", "--chunk-size=500"]
  }

  /// kubectl takes whole seconds.
  func logs(_ log: LogName, _ start: LogStart, _ part: CollectedLog.Part = .current, follows: Bool = false)
    -> [String]
  {
    var arguments = [
      "--context=\(log.context.name)", "logs", "--namespace=\(log.namespace)", log.pod,
      "--container=\(log.container)", "--timestamps",
    ]
    switch start {
    case .time(let time) where part != .lastLine:
      arguments.append("--since-time=\(Instant.text(max(0, time), digits: 0))")
    case .ago(let seconds) where part != .lastLine: arguments.append("--since=\(max(1, seconds))s")
    default: break
    }
    switch part {
    case .current: break
    case .previous: arguments.append("--previous")
    case .lastLine: arguments.append("--tail=1")
    }
    if follows { arguments.append("--follow") }
    return arguments
  }

  /// As one would type it in a shell.
  func shown(_ arguments: [String]) -> String {
    ([program] + arguments).map(Kubectl.quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
            || "-_./:=,@%+".unicodeScalars.contains($0))
      }
    return isPlain
      ? word
      : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }
}
