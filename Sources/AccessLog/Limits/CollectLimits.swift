/// `collect`: kubectl is a program of the user's, and what it prints comes from clusters.
package enum CollectLimits {
  /// Bytes of one object in a list of kubectl's (the API server takes none of more than 3 MiB); a larger one is left out, and
  /// that is said.
  package static let objectBytes = 1 << 22
  /// Bytes of a whole list; beyond it the listing fails.
  package static let listBytes: Int64 = 1 << 32
  /// Logs that are known at a time; those of further pods are left out, and that is said.
  package static let logs = 100_000
  /// Logs read at a time unless the user says otherwise: each takes a process of kubectl's, some 50 MB.
  package static let parallel = 8
  package static let parallelFollowed = 32
  /// The most that a user may ask for: each takes two descriptors, too.
  package static let parallelAtMost = 128
  /// Seconds without a byte after which kubectl is ended and its command tried again; a log that is followed may be silent.
  package static let silentSeconds = 60.0
  /// Seconds without a byte of a list of pods: kubectl prints nothing of it before it has all.
  package static let silentListSeconds = 900.0
  /// Seconds after which it is said that one waits for a list, and what kubectl says meanwhile.
  package static let waitingSeconds = 10.0
  package static let sayingSeconds = 2.0
  /// Seconds for a user to log in, once kubectl says something.
  package static let loginSeconds = 900.0
  /// Tries in a row that bring nothing new, for what may pass: a connection that breaks, a server that does not answer. A log
  /// that is followed is tried for ever.
  package static let tries = 5
  /// Seconds before the second try; each further one waits twice as long, up to the second number.
  package static let firstWait = 0.5
  package static let longestWait = 30.0
  /// Seconds between two looks at the pods while logs are followed, and before one that a log's end asks for.
  package static let listingSeconds = 10.0
  /// Seconds between two looks at services, endpoints and nodes while logs are followed.
  package static let objectSeconds = 60.0
  package static let earlyListingSeconds = 1.0
  /// Microseconds before the end of what is known of a log, where reading it goes on: lines that come again are known.
  package static let overlap: Int64 = 2_000_000
  /// Failures of different kinds or places that are told apart; others are counted together.
  package static let failures = 200
}
