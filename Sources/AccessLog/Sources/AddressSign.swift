/// What a line's addresses say about whether its proxy is somebody's sidecar.
enum AddressSign: UInt8 {
  case none = 0
  /// It called from the address that its app had called from.
  case sidecar = 1
  /// It called from the address to which somebody else had come.
  case gateway = 2
  /// It added its peer's address to those that a request was forwarded for.
  case forwarded = 3
}
