// Correlation: hops in, links out.
//
// Pure: no I/O, no clock, no SQL, no randomness; the same set of hops gives the same links in whatever order
// they come. It knows hops as numbers (`Hop`), never as text. Parsing is AccessLog's, storing TraceStore's.
