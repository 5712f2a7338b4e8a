/// The version that `meshweft --version` prints.
public enum MeshweftVersion {
  /// Major, minor, patch.
  public static let text = "0.2.0"
}
