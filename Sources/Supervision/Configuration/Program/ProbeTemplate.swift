/// A probe in which `${instance}` is still open.
public enum ProbeTemplate: Equatable, Sendable, Codable {
    case exec([Template])
    /// `host:port`.
    case tcp(Template)
    case unix(Template)
    /// A whole URL.
    case http(Template)
}
