/// Which way a request took: straight to the other sidecar, or through a cross-network proxy.
enum Passage {
  case direct
  case border
  case unknown
}
