// AccessLog: bytes in, hops out.
//
// Lines, the envelopes around them, the formats inside them, and Envoy's vocabulary. It neither reads files nor
// writes rows: MeshweftKit feeds it blocks of bytes, TraceStore takes its batches. No Foundation.
