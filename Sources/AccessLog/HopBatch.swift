/// Hops on their way from a parser to the store: numbers in rows, text once.
///
/// Text that repeats has an index into the parser's text table; the writer maps indices to the store's ids with
/// one array read. A batch carries only what is new since the batch before it: the tables' growth.
package struct HopBatch: Sendable {
  package var rows: [HopRow] = []
  /// Texts that got an index since the last batch: `texts[i]` has index `firstText + i`.
  package var firstText: Int32 = 0
  package var texts = TextList()
  /// Attribute sets that got an index since the last batch.
  package var firstAttributeSet: Int32 = 0
  package var attributeSets: [AttributeSet] = []
  /// Sources (log and identity) that got an index since the last batch.
  package var firstSource: Int32 = 0
  package var sources: [SourceIdentity] = []
  /// Text that is too long or too varied for the table; a `TextRef.inline` points in here.
  package var inlineBytes: [UInt8] = []

  package init() {}

  /// Makes room for the rows of a whole batch. They would else be copied as often as they are parsed; memory that no row
  /// has come to is not touched.
  mutating func reserve() {
    rows.reserveCapacity(Limits.batchRows)
    unsafe rows.withUnsafeMutableBufferPointer { rows in
      unsafe LargeMemory.advise(
        UnsafeMutableRawBufferPointer(
          start: rows.baseAddress, count: Limits.batchRows * MemoryLayout<HopRow>.stride))
    }
  }
}

/// Texts one behind the other.
package struct TextList: Sendable, RandomAccessCollection {
  package private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  package init() {}

  /// `ends`: where each text ends in `bytes`.
  init(bytes: [UInt8], ends: [Int]) {
    self.bytes = bytes
    self.ends = ends
  }

  package mutating func append(_ text: [UInt8]) {
    bytes += text
    ends.append(bytes.count)
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { ends.count }

  package subscript(index: Int) -> [UInt8] { Array(bytes[range(of: index)]) }

  /// Where a text lies in `bytes`.
  package func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }
}

/// A reference to text: nothing, an index into the parser's table, or a place in the batch's `inlineBytes`.
package struct TextRef: Sendable, Equatable {
  /// -1: none. 0...: index into the table. Below -1: `-(offset + 2)` into `inlineBytes`, `count` bytes long.
  package var value: Int32
  package var count: Int32

  package static let none = TextRef(value: -1, count: 0)
  package static func table(_ index: Int32) -> TextRef { TextRef(value: index, count: 0) }
  package static func inline(offset: Int, count: Int) -> TextRef {
    TextRef(value: Int32(-(offset + 2)), count: Int32(count))
  }
}

/// What is the same for very many hops, stored once: an OpenTelemetry reader would say, their common attributes.
package struct AttributeSet: Sendable, Hashable {
  /// As far as it is known when the line is read; the other lines of its log may tell better.
  package var role: Role
  package var lineRole: LineRole
  package var responseFlags: ResponseFlags
  /// HTTP status; nil where missing or not a number from 0 to 999.
  package var responseCode: Int32?
  /// Text indices, or -1.
  package var httpProtocol: Int32
  package var method: Int32
  package var authority: Int32
  package var routeName: Int32
  package var upstreamCluster: Int32
  package var requestedServerName: Int32
  package var responseCodeDetails: Int32
  package var connectionTerminationDetails: Int32
  package var upstreamTransportFailureReason: Int32
  package var istioPolicyStatus: Int32
  package var accessLogType: Int32
  /// The response flags as logged, where one of them is not known; else -1.
  package var unrecognisedFlags: Int32
  /// host and port of the SubsetKey that hops are matched on: `httpbin.default.svc.cluster.local`, 8000.
  package var serviceHost: Int32
  package var servicePort: Int32
  package var subset: Int32
  /// upstream_host and downstream_local_address: few per mesh, unlike the two addresses with ephemeral ports.
  package var upstreamHost: Address
  package var downstreamLocal: Address
  /// Index of the source.
  package var source: Int32
  /// The IP that the line has for its own pod (`OwnAddress`); empty where it does not tell.
  package var ownAddress = ""
  /// The IPv4 address of upstream_local_address, which is the proxy's own; nil where it is not IPv4.
  package var upstreamLocalIP: Int64?
  /// The IPv4 address of downstream_remote_address, where it is the same number (a sidecar called by its app) or where
  /// there is no upstream_local_address: whose line it is must be told by it then; else nil.
  package var downstreamRemoteIP: Int64?
  package var precision: TimePrecision
  package var anomalies: Anomalies

  package init(
    role: Role, responseFlags: ResponseFlags, responseCode: Int32?, httpProtocol: Int32, method: Int32,
    authority: Int32, routeName: Int32, upstreamCluster: Int32, requestedServerName: Int32,
    responseCodeDetails: Int32, connectionTerminationDetails: Int32, upstreamTransportFailureReason: Int32,
    istioPolicyStatus: Int32, accessLogType: Int32, unrecognisedFlags: Int32, serviceHost: Int32,
    servicePort: Int32, subset: Int32, upstreamHost: Address, downstreamLocal: Address, own: HopOwn
  ) {
    self.role = role
    lineRole = LineRole(rawValue: role.rawValue) ?? .unsaid
    self.responseFlags = responseFlags
    self.responseCode = responseCode
    self.httpProtocol = httpProtocol
    self.method = method
    self.authority = authority
    self.routeName = routeName
    self.upstreamCluster = upstreamCluster
    self.requestedServerName = requestedServerName
    self.responseCodeDetails = responseCodeDetails
    self.connectionTerminationDetails = connectionTerminationDetails
    self.upstreamTransportFailureReason = upstreamTransportFailureReason
    self.istioPolicyStatus = istioPolicyStatus
    self.accessLogType = accessLogType
    self.unrecognisedFlags = unrecognisedFlags
    self.serviceHost = serviceHost
    self.servicePort = servicePort
    self.subset = subset
    self.upstreamHost = upstreamHost
    self.downstreamLocal = downstreamLocal
    source = own.source
    upstreamLocalIP = own.upstreamLocalIP
    downstreamRemoteIP = own.downstreamRemoteIP
    precision = own.precision
    anomalies = own.anomalies
  }
}

/// What a hop's own values add to its attribute set: they are the same for nearly all hops of a log.
package struct HopOwn: Sendable {
  package var source: Int32
  package var upstreamLocalIP: Int64?
  package var downstreamRemoteIP: Int64?
  /// Index of the text that `OwnAddress.ofCaller` gave; -1 for none.
  var caller: Int32 = -1
  package var precision: TimePrecision
  package var anomalies: Anomalies

  package init(
    source: Int32, upstreamLocal: Address, downstreamRemote: Address, precision: TimePrecision,
    anomalies: Anomalies
  ) {
    self.source = source
    upstreamLocalIP = upstreamLocal.ipv4
    let remote = downstreamRemote.ipv4
    downstreamRemoteIP = upstreamLocalIP == remote || upstreamLocal == .missing ? remote : nil
    self.precision = precision
    self.anomalies = anomalies
  }

  /// Three numbers that differ where any of these do.
  @inline(__always)
  var words: (UInt64, UInt64, UInt64) {
    // One of the two at most is another number than the other.
    let ip = (upstreamLocalIP ?? downstreamRemoteIP).map { UInt64($0) | 1 << 32 } ?? 0
    let shared: UInt64 = (downstreamRemoteIP == nil ? 0 : 1 << 33) | (upstreamLocalIP == nil ? 0 : 1 << 34)
    let start = UInt64(UInt32(bitPattern: precision.startMicroseconds))
    let duration = UInt64(UInt32(bitPattern: precision.durationMicroseconds))
    let odd = UInt64(anomalies.rawValue)
    let caller = UInt64(UInt32(bitPattern: caller) &+ 1) << 34
    return (ip | shared | caller, start << 32 | duration, odd << 32 | UInt64(UInt32(bitPattern: source)))
  }
}

/// Where hops come from: one log, written by one proxy.
package struct SourceIdentity: Sendable, Hashable {
  /// The log's file name without folders and .gz; for a stream `CLUSTER.NAMESPACE.POD.CONTAINER.log`.
  package var name: String
  package var meshCluster: String
  package var namespace: String
  package var pod: String
  package var container: String
  /// The pod's workload, from its name; empty where no pod is known.
  package var workload: String

  package init(
    name: String, meshCluster: String = "", namespace: String = "", pod: String = "", container: String = "",
    workload: String = ""
  ) {
    self.name = name
    self.meshCluster = meshCluster
    self.namespace = namespace
    self.pod = pod
    self.container = container
    self.workload = workload
  }
}

/// One hop: integers only, 0 bytes of text. Missing numbers are `HopRow.missing`.
package struct HopRow: Sendable {
  package static let missing = Int64.min

  /// Microseconds since the Unix epoch.
  package var startMicroseconds: Int64
  /// Of the source's identity, the line's body and its occurrence: what tells it from others, and what orders it among
  /// those of its millisecond (`LineIdentities`).
  package var identity: (high: UInt64, low: UInt64)
  /// Index of the source, and the 1-based line in it.
  package var source: Int32
  package var line: Int64
  package var attributes: Int32
  package var path: TextRef
  package var userAgent: TextRef
  package var forwardedFor: TextRef
  package var requestID: IdentifierRef
  package var traceID: IdentifierRef
  package var upstreamLocal: Address
  package var downstreamRemote: Address
  /// Microseconds; the line's own precision is in `precision`.
  package var durationMicroseconds: Int64
  package var upstreamServiceTimeMilliseconds: Int64
  package var bytesReceived: Int64
  package var bytesSent: Int64
  package var precision: TimePrecision
  package var anomalies: Anomalies

  package init(
    startMicroseconds: Int64, identity: (high: UInt64, low: UInt64), source: Int32, line: Int64,
    attributes: Int32, path: TextRef, userAgent: TextRef, forwardedFor: TextRef, requestID: IdentifierRef,
    traceID: IdentifierRef, upstreamLocal: Address, downstreamRemote: Address, durationMicroseconds: Int64,
    upstreamServiceTimeMilliseconds: Int64, bytesReceived: Int64, bytesSent: Int64,
    precision: TimePrecision, anomalies: Anomalies
  ) {
    self.startMicroseconds = startMicroseconds
    self.identity = identity
    self.source = source
    self.line = line
    self.attributes = attributes
    self.path = path
    self.userAgent = userAgent
    self.forwardedFor = forwardedFor
    self.requestID = requestID
    self.traceID = traceID
    self.upstreamLocal = upstreamLocal
    self.downstreamRemote = downstreamRemote
    self.durationMicroseconds = durationMicroseconds
    self.upstreamServiceTimeMilliseconds = upstreamServiceTimeMilliseconds
    self.bytesReceived = bytesReceived
    self.bytesSent = bytesSent
    self.precision = precision
    self.anomalies = anomalies
  }
}

/// A request or trace id: a UUID or 32 hex digits by its bits (lower case, so that it prints as it came), else text.
package struct IdentifierRef: Sendable {
  package enum Form: UInt8, Sendable {
    case none = 0
    /// `08dc43e9-60c8-4f2f-910a-b727172ce311`
    case uuid = 1
    /// `4bf92f3577b34da6a3ce929d0e0e4736`
    case hex32 = 2
    case text = 3
  }
  package var form: Form
  /// The id's own 128 bits; none for `text`.
  package var high: UInt64
  package var low: UInt64
  package var text: TextRef

  package static let none = IdentifierRef(form: .none, high: 0, low: 0, text: .none)

  package init(form: Form, high: UInt64, low: UInt64, text: TextRef) {
    self.form = form
    self.high = high
    self.low = low
    self.text = text
  }
}

/// How exact a line's times are: the finer of what its format could say.
package struct TimePrecision: Sendable, Hashable {
  /// Microseconds per unit of start_time and of duration: 1, 1000 or 1 000 000.
  package var startMicroseconds: Int32
  package var durationMicroseconds: Int32

  package init(startMicroseconds: Int32, durationMicroseconds: Int32) {
    self.startMicroseconds = startMicroseconds
    self.durationMicroseconds = durationMicroseconds
  }
}

/// What was odd about a line that is a hop all the same. Bits are stored and never change.
package struct Anomalies: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A key occurred twice; the first value was taken.
  package static let duplicateKey = Anomalies(rawValue: 1 << 0)
  /// An unescaped quote was repaired from the source's key order.
  package static let repaired = Anomalies(rawValue: 1 << 1)
  /// Bytes that are not UTF-8, lone surrogates or unknown escapes became U+FFFD.
  package static let replacedText = Anomalies(rawValue: 1 << 2)
  /// A number was negative, out of range or not a number, and is missing now.
  package static let badNumber = Anomalies(rawValue: 1 << 3)
  /// An address is not one (masked, a name, port out of range) and is kept as text.
  package static let oddAddress = Anomalies(rawValue: 1 << 4)
  /// requested_server_name or upstream_cluster holds characters that no host name has.
  package static let oddName = Anomalies(rawValue: 1 << 5)
  /// The leap second 23:59:60 was taken as the next second's start.
  package static let leapSecond = Anomalies(rawValue: 1 << 6)
  /// A value was longer than `Limits.valueBytes` and was cut.
  package static let cutValue = Anomalies(rawValue: 1 << 7)

  package static let names: [(Anomalies, String)] = [
    (.duplicateKey, "duplicate_key"), (.repaired, "repaired"), (.replacedText, "replaced_text"),
    (.badNumber, "bad_number"), (.oddAddress, "odd_address"), (.oddName, "odd_name"),
    (.leapSecond, "leap_second"), (.cutValue, "cut_value"),
  ]

  package var names: [String] { Anomalies.names.filter { contains($0.0) }.map(\.1) }
}
