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
  /// `text` is the last line that it said, without what may be secret.
  case other(text: String)

  /// Known words of kubectl's and of API servers', the first that occurs.
  private static let words: [(String, KubectlFailure)] = [
    ("previous terminated container", .noPrevious), ("(Forbidden)", .forbidden), ("is forbidden", .forbidden),
    ("(Unauthorized)", .unauthorized), ("must be logged in", .unauthorized),
    ("getting credentials", .unauthorized),
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

  /// It may go better the next time.
  var mayPass: Bool {
    switch self {
    case .unreachable, .silent, .killed, .torn, .other, .notAList: true
    case .forbidden, .unauthorized, .unknownContext, .unknownKind, .gone, .notStarted, .noPrevious,
      .notRunnable:
      false
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
    case .silent: "no answer for \(Int(CollectLimits.silentSeconds)) s"
    case .killed: "kubectl was killed"
    case .torn: "the connection broke again and again"
    case .notAList: "kubectl printed something else than a list of pods"
    case .notRunnable(let reason): "kubectl cannot be started (\(reason)); --kubectl names it"
    case .other(let text): "kubectl says: \(Shown.text(text, limit: 200))"
    }
  }
}
