internal import Dispatch

/// What an ingest's writing thread gets to do.
enum WriterWork: Sendable {
  case batch(IngestWork)
  case links(EarlyLinks.Unit)
}
