/// The version of keepd, and of keepctl, which come together.
public enum Release {
    public static let version = "0.1.0"
}
