// Every limit that meshweft sets itself, for all rooms, with its unit and what happens beyond it: this room is the one
// that all others see. docs/reference/limits.md has the same as a table. Not here: what formats themselves cannot hold, and the numbers of
// correlation's models, which stand with them.

/// What is read.
package enum Limits {
  /// Bytes in a line (1.25 MiB), line feed not counted. A longer one is rejected alone and read past: Envoy
  /// itself caps request headers at 60 KiB (max_request_headers_kb), so a longer line is not an access log. More than
  /// the 1 MiB at which container runtimes and shippers cut, so that a line of theirs of just that length, with its
  /// envelope around it, is still read.
  package static let lineBytes = 5 << 18
  /// Levels of nesting in a JSON line. A deeper one is rejected.
  package static let jsonDepth = 64
  /// Bytes of one stored value (a path, an agent). A longer one is cut at a character, and the hop flagged.
  package static let valueBytes = 1 << 16
  /// Bytes of a row's own text (path, agent, forwarded-for) that may enter the text table; a longer one is stored in
  /// its row. Texts of attribute sets always enter it.
  package static let tableTextBytes = 256
  /// Texts in a parser's table; beyond it new texts are stored in their rows, so memory stays bounded.
  package static let tableTexts = 1 << 18
  /// Bytes of text in a parser's table; beyond it the table starts over.
  package static let tableBytes = 1 << 25
  /// Bytes of text on their way to the store; a batch that holds more is handed over at once.
  package static let batchTextBytes = 1 << 23
  /// Attribute sets in a parser's table; beyond it the table starts over (the store finds the old ones again).
  package static let tableAttributeSets = 1 << 17
  /// Lines of one input whose hashes are remembered, to tell a line that occurs twice from one fed twice.
  package static let occurrenceWindow = 1 << 12
  /// Sources in a parser's table, once for each input and whatever else is said about them; beyond it the table starts
  /// over (the store finds the old ones again). Each takes half a kilobyte.
  package static let tableSources = 1 << 15
  /// IPv4 addresses of pods whose proxies are known, kept of one log: a stream may be of very many pods.
  package static let sourceAddresses = 1 << 12
  /// Sources with counts of their own in an ingest's summary; those that are met later are counted together.
  package static let summarySources = 1 << 14
  /// Bytes of a pod's, namespace's, container's or cluster's name; a longer one is none (Kubernetes' names end at 253,
  /// RFC 1123), so that a log cannot make sources of whatever size.
  package static let nameBytes = 253
  /// Values in a text format; one with more is refused.
  package static let formatValues = 64
  /// Bytes of a value that has no spaces in it (a number, a time, an address); a longer one is none, so a search of a text
  /// line ends.
  package static let closedValueBytes = 4096
  /// Keys of a line with unescaped quotes that is repaired; one with more is rejected.
  package static let repairedKeys = 128
  /// Bytes of a file of field names; a larger one is refused.
  package static let fieldMapBytes = 1 << 16
  /// Bytes of a list of endpoints (some hundred thousand of them); a larger one is refused.
  package static let endpointsBytes = 1 << 26
  /// Bytes of a user's statement; SQLite takes no larger one.
  package static let statementBytes = 1_000_000
  /// Rows in a batch, which is one transaction; the next one takes what is more.
  package static let batchRows = 1 << 15
  /// Batches between parser and writer, beside the one that each of them holds; the parser waits.
  package static let queuedBatches = 1
  /// Files that are read side by side, each with a buffer and a parser of about half a megabyte; the others wait. Fewer where
  /// the process may not have as many open.
  package static let openInputs = 64
  /// Seconds that a pipe in a folder may be without a writer when the folder's files have been read; then it is left out.
  /// One that is given by its name is waited for.
  package static let pipeSeconds = 5.0
  /// Milliseconds that a row of a stream waits at most until its batch is handed over.
  package static let flushMilliseconds = 400
  /// Of a hundred access-log lines as many may be unread; beyond it `ingest` ends with exit code 2.
  package static let unreadPercent: Int64 = 5
  /// Rejected lines that a summary shows; the others are counted.
  package static let shownRejections = 5
}

/// The store, with what they cost.
package enum StoreLimits {
  /// Seconds that a second writer waits for the first one's transaction; a batch takes a fraction of one.
  package static let busySeconds = 5.0
  /// The same for an ingest that has stored lines already: to give up would lose a stream's next lines. A slow disk, and
  /// reports that link what was stored, can hold it up for longer than `busySeconds`.
  package static let busySecondsOfIngest = 60.0
  /// Files that a process must be allowed to have open (`ulimit -n`): standard streams, the database and its log for each of
  /// up to three connections, temporary files, and what the system's libraries need, with one input beside them.
  package static let openFiles = 18
  /// The same for a report that would link what was stored before it looks at it: it shows what is linked then.
  package static let busySecondsOfReport = 1.0
  /// KiB of pages that a writer keeps in memory.
  package static let writerCacheKiB = 32 * 1024
  /// KiB of pages that a reader keeps in memory.
  package static let readerCacheKiB = 16 * 1024
  /// Bytes per database page; larger ones wrote no faster, and cost memory.
  package static let pageBytes = 4096
  /// Pages in the write-ahead log (64 MiB) at which a commit copies them into the database. A quarter of that spent
  /// 0.7 s of an ingest of a million lines in waiting for the disk.
  package static let checkpointPages = 16_384
  /// Bytes of the write-ahead log beyond which a reader that goes on in steps makes way between them, and says so where it
  /// cannot.
  package static let longLogBytes = Int64(checkpointPages * pageBytes)
  /// Seconds that it waits then at most, and how often it looks meanwhile.
  package static let makingWaySeconds = 1.0
  package static let makingWayRounds = 20
  /// Bytes of output that are collected from one moment of the store. What is longer is read in steps, each of its own
  /// moment, so that a reader at the other end who takes his time keeps no writer's log from being copied.
  package static let stepBytes = 1 << 23
  /// Hops of the traces that are collected so, where it is not yet known how many bytes they will be.
  package static let stepHops = 1 << 13
  /// Bytes of a value that a statement of a user's may make.
  package static let queryValueBytes: Int32 = 1 << 24
  /// Rows that were changed after which the log is copied beside the writer, so that little is left for it to do then.
  package static let checkpointRows = 1 << 16
  /// Entries of the index of ids in one run: a lookup costs one seek per run, and smaller runs are merged up to here.
  package static let identifierRunEntries = 1 << 16
  /// Rows that one statement inserts: it spares SQLite the opening and closing of cursors for each.
  package static let groupRows = 32
  /// Milliseconds in a stretch of time whose hops are counted: a 32nd of a minute, the smallest piece of time that
  /// correlation cuts.
  package static let stretchMilliseconds: Int64 = 1875
  /// Milliseconds without a new hop at which a batch's dirty time is noted as two ranges instead of one.
  package static let pendingGapMilliseconds: Int64 = 60_000
  /// Hex digits of an id that a search may start with; fewer are refused, for they would match by chance.
  package static let identifierPrefix = 8
}

/// Correlation: beyond these a store is cut into more pieces.
package enum CorrelationLimits {
  /// Hops in a piece at most, unless the smallest has more. A late line is worth the time of a piece, and correlation
  /// takes some hundred bytes for each hop; larger pieces spend less on what lies around them, and tell more where
  /// times and bytes must tell what ids do not.
  package static let pieceHops: Int64 = 1 << 16
  /// Microseconds (a year and 42 days): a longer duration is taken for this. Of a piece's durations and ends sums are made,
  /// which must not overflow whatever a line says.
  package static let longestDuration: Int64 = 1 << 45
  /// Microseconds around a piece whose hops are looked at, too: a request and its server hop, or the calls that it
  /// made, begin within this time of each other. (Connections that live longer are found in any case.)
  package static let margin: Int64 = 15_000_000
  /// Hops on either side of a piece that are looked at at most: where more begin within the margin it is narrower.
  package static let marginHops: Int64 = 1 << 15
  /// Connections and requests of 15 s and more that are looked at because they were open when a piece began, at most: the
  /// latest.
  package static let longHops = 1 << 15
  /// Steps of matching inside an app for each request and call of a workload, a step being one event of a request whose
  /// likelihood is asked for (some 30 ns): twice what the busiest log set with truth takes. Of a workload that needs more,
  /// because hundreds of requests are open at once and nothing is passed on, calls are left undecided, which is said.
  package static let appSteps = 4_096
  /// The same for a whole piece of time, shared by its workloads: small ones need more for each of their calls.
  package static let appStepsOfPiece = 1 << 22
  /// Steps of estimating clocks from times and contents alone, for each hop of a piece and for all together, a step being a
  /// pair of requests or a bin of a histogram (some 10 ns). Beyond them mesh clusters whose clocks are not known yet are not
  /// compared, and what they would tell is left undecided.
  package static let clockSteps = 4_096
  package static let clockStepsOfPiece = 1 << 26
  /// Requests of a pod that a call is compared with at most, the latest first, to see whether they were open then.
  package static let openRequests = 4_096
  /// Requests of a pod with one id that a call with this id is compared with, the latest first.
  package static let requestsOfID = 256
  /// Connections of proxies that are compared with those of clients by bytes and times: so many for each of the latter on
  /// average, and for all together; where more were open at once each is compared with the latest of them.
  package static let carriersOfConnection = 48
  package static let carrierPairs = 1 << 17
  /// Mesh clusters whose servers are looked at, where no id and no address tells, for the calls of one: those with most
  /// requests of the services that it calls. Of others such links are left undecided.
  package static let partnerClusters = 8
}

/// Rollups added up over spans of time. A span that is beyond them is not added up, and reports read what is finer.
package enum SpanLimits {
  /// Bytes that its rows take in memory while it is added up.
  package static let bytes = 1 << 22
  /// Connections that are kept of five minutes, eight bytes each.
  package static let connections = 1 << 16
  /// Rows that are added up to one at least, on average: fewer save a report little, and cost the store the same.
  package static let rowsPerRow = 2
  /// Spans of a width that an ingest adds up at most, the newest first: a day of five minutes, where a store of an older
  /// schema has years of them. `meshweft correlate` does all.
  package static let perIngest = 288
}

/// What one page of `report` holds at most, so that it opens in a moment whatever the mesh's size. What is left out is the part
/// with the fewest requests, and the page says how much that is.
package enum PageLimits {
  /// Paths with figures of their own.
  package static let paths = 1000
  /// Services with a verdict, and hosts listed of each.
  package static let services = 120
  package static let hostsPerService = 60
  /// Clients per service in the table of who calls which host.
  package static let clientsPerService = 16
  /// Pieces that time is cut into.
  package static let buckets = 96
  /// Minutes with anything in them, and hops, up to which load is shown by the second.
  package static let minutesBySecond = 30
  package static let hopsBySecond = 300_000
  /// Stretches of time with a gap between them.
  package static let stretches = 12
  /// Numbers in all histograms together; beyond it durations keep two digits instead of three.
  package static let histogramNumbers = 120_000
  /// Traces of each kind: the slowest, the failed.
  package static let traces = 50
  /// Requests shown of one trace.
  package static let hopsPerTrace = 150
  /// Logs that are listed.
  package static let sources = 1000
  /// Characters of a path, an agent or any other text that a client chose.
  package static let textCharacters = 400
}
