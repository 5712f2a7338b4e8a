// MeshweftKit: what a user can ask for, as library values.
//
// Ingest (reads inputs, feeds the parser, drives the store), the reports, and their rendering. It prints nothing
// and exits nothing: the command line does. Parsing is AccessLog's, matching Correlation's, SQL TraceStore's.
