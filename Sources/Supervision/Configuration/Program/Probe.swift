/// A question to one instance, and how it is asked.
public enum Probe: Equatable, Sendable {
    /// Good if the command ends with 0.
    case exec([String])
    /// Good if the connection is made.
    case tcp(Endpoint)
    /// The same, with the socket of this path.
    case unix(String)
    /// Good if the answer to a GET has a status of 200 to 399.
    case http(Endpoint, target: String)
}

/// A host and a port, as in `127.0.0.1:80`, `localhost:80` or `[::1]:80`.
public struct Endpoint: Hashable, Sendable, Codable {
    /// Without brackets.
    public let host: String
    public let port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

extension Endpoint: CustomStringConvertible {
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
