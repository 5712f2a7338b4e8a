internal import AccessLog

/// Why kubectl did not give what it was asked for. What it says itself is looked at for known words and shown; nothing of it is
/// stored.
enum KubectlFailure: Error, Hashable {
  case forbidden, unauthorized, unknownContext, unknownKind, gone, notStarted, noPrevious, unreachable,
    silent, killed,
    torn
  /// Its output is no list of pods.
  case notAList
  /// It cannot be started. `reason` is the system's word.
  case notRunnable(reason: String)
  /// It was not given credentials. `text` is what it and the plugin say, without what may be secret.
  case noCredentials(text: String)
  /// The server has no such list.
  case noList(text: String)
  /// The pods are those of a context that was named before.
  case sameCluster(context: String)
  /// `text` is what the kubelet says where the log should be.
  case kubelet(text: String)
  /// `text` is the last line that it said, without what may be secret.
  case other(text: String)

  /// Known words of kubectl's and of API servers', the first that occurs.
  private static let words: [(String, KubectlFailure)] = [
    ("previous terminated container", .noPrevious), ("(Forbidden)", .forbidden), ("is forbidden", .forbidden),
    ("(Unauthorized)", .unauthorized), ("must be logged in", .unauthorized),
    ("provide credentials", .unauthorized), ("context was not found", .unknownContext),
    ("no context exists with the name", .unknownContext), ("\" does not exist", .unknownContext),
    ("doesn't have a resource type", .unknownKind), ("(NotFound)", .gone),
    ("is waiting to start", .notStarted), ("is not available", .notStarted),
    ("is terminated", .notStarted), ("connection refused", .unreachable),
    ("Unable to connect", .unreachable), ("no such host", .unreachable), ("i/o timeout", .unreachable),
    ("TLS handshake", .unreachable), ("unexpected EOF", .torn), ("connection reset", .torn),
    ("stream error", .torn), ("GOAWAY", .torn),
  ]

  init(errors: String, _ ending: ChildProgram.Ending) {
    if let text = KubectlFailure.credentials(errors) {
      self = .noCredentials(text: text)
      return
    }
    if let known = KubectlFailure.words.first(where: { errors.contains($0.0) }) {
      self = known.1
      return
    }
    let line = errors.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    switch (ending, line) {
    case (_, let line?): self = .other(text: Secrets.masked(String(line)))
    case (.killed, nil): self = .killed
    case (.exited(let code), nil): self = .other(text: "it ended with exit code \(code) and said nothing")
    }
  }

  /// Of the kubelet's words in the place of a log.
  init(kubelet words: String, isPrevious: Bool) {
    let isMissing = words.contains("unable to retrieve container logs") || words.contains("code = NotFound")
    self = isMissing && isPrevious ? .noPrevious : .kubelet(text: Secrets.masked(words))
  }

  /// What it means where a list was asked for: that cannot go away.
  func ofList(_ errors: String) -> KubectlFailure {
    self == .gone ? .noList(text: KubectlFailure.lastLine(errors)) : self
  }

  private static func lastLine(_ errors: String) -> String {
    let line = errors.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    return Secrets.masked(String(line ?? ""))
  }

  /// What kubectl says of a credential plugin that is missing or fails, and the last that the plugin says itself.
  private static func credentials(_ errors: String) -> String? {
    let mark = "getting credentials: "
    let lines = errors.split(whereSeparator: \.isNewline)
    guard
      let line = lines.last(where: { $0.contains(mark) && !isLogLine($0) })
        ?? lines.last(where: { $0.contains(mark) }),
      let found = line.firstRange(of: mark)
    else { return nil }
    let plugins = lines.last { !$0.contains(mark) && !isLogLine($0) && !$0.allSatisfy(\.isWhitespace) }
    let own = plugins.map { "; " + Secrets.masked(String($0)) } ?? ""
    return Secrets.masked(String(line[found.upperBound...])) + own
  }

  /// A line of kubectl's own log: `E1201 15:51:57.504934   31546 memcache.go:265] …`.
  static func isLogLine(_ line: Substring) -> Bool {
    guard let first = line.first, "EWIF".contains(first) else { return false }
    return line.dropFirst().prefix(4).allSatisfy(\.isWholeNumber) && line.count > 5
  }

  /// It may go better the next time.
  var mayPass: Bool {
    switch self {
    case .unreachable, .silent, .killed, .torn, .other, .notAList, .kubelet: true
    case .forbidden, .unauthorized, .unknownContext, .unknownKind, .gone, .notStarted, .noPrevious,
      .notRunnable,
      .noCredentials,
      .noList, .sameCluster:
      false
    }
  }

  /// Whoever logs in again makes it good.
  var isOfLogin: Bool {
    switch self {
    case .unauthorized, .noCredentials: true
    default: false
    }
  }

  /// What happened to `thing`, and what to do.
  func description(of thing: String) -> String {
    switch self {
    case .forbidden: "you may not read \(thing): ask for the right to, or leave it out with --namespace"
    case .unauthorized: "the cluster does not know you: log in again"
    case .unknownContext: "your kubeconfig has no such context; `kubectl config get-contexts` lists them"
    case .unknownKind: "the cluster does not know them"
    case .gone: "\(thing) went away before it was read"
    case .notStarted: "\(thing) has not started"
    case .noPrevious: "the log before the last restart is not kept any more"
    case .unreachable: "the cluster cannot be reached"
    case .silent: "no answer for minutes; --namespace asks for less"
    case .killed: "kubectl was killed"
    case .noCredentials(let text): "kubectl got no credentials: \(Shown.text(text, limit: 300))"
    case .noList(let text):
      "kubectl says: \(Shown.text(text, limit: 200)); look at the server's address of this context"
    case .sameCluster(let context):
      "the same cluster as \(Shown.text(context, limit: 80)), for its pods are the same: left out"
    case .kubelet(let text): "the kubelet says: \(Shown.text(text, limit: 300))"
    case .torn: "the connection broke again and again"
    case .notAList: "kubectl printed something else than a list of pods"
    case .notRunnable(let reason): "kubectl cannot be started (\(reason)); --kubectl names it"
    case .other(let text): "kubectl says: \(Shown.text(text, limit: 200))"
    }
  }
}
