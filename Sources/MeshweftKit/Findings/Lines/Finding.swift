/// A conclusion with its evidence.
struct Finding: Sendable, Equatable {
  var kind: FindingKind
  var severity: FindingSeverity
  var subject = Subject()
  /// Microseconds since the epoch: the time that it is about.
  var from: Int64
  var to: Int64
  /// One sentence for people. Every number in it is in `numbers`.
  var sentence: String
  /// What it is concluded from, and commands that show it.
  var evidence: [String] = []
  var numbers: [Number] = []
  /// How sure the conclusion is, 0 to 1.
  var confidence = 0.95
  var remedies: [Remedy] = []

  /// What it is about; what does not apply is nil.
  struct Subject: Sendable, Equatable {
    var service: String?
    /// ADDRESS:PORT
    var host: String?
    var meshCluster: String?
    var pod: String?
    var client: String?
    var proxy: String?
    var source: String?
    var role: String?
  }

  /// One figure, by a name that stays.
  struct Number: Sendable, Equatable {
    var name: String
    var value: Double
    /// Digits behind the point at most.
    var digits = 0

    init(_ name: String, _ value: Double, digits: Int = 0) {
      self.name = name
      self.value = value
      self.digits = digits
    }

    init(_ name: String, _ value: Int) { self.init(name, Double(value)) }
  }

  /// What can be done, with what it costs.
  struct Remedy: Sendable, Equatable {
    var text: String
    /// To apply, with the service's own names.
    var yaml: String?

    init(_ text: String, yaml: String? = nil) {
      self.text = text
      self.yaml = yaml
    }
  }
}
