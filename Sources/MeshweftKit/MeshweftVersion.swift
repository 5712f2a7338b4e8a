/// The version that `meshweft --version` prints.
public enum MeshweftVersion {
  public static let text = "0.1.0"
}
