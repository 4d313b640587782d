/// A socket that keepd binds, keeps, and passes to a program.
public struct ListeningSocket: Equatable, Sendable, Codable {
    public enum Address: Hashable, Sendable, Codable {
        /// `host` is a number of IPv4 or IPv6, or `localhost`.
        case internet(Endpoint)
        /// An absolute path.
        case unix(String)
    }

    public enum Kind: String, CaseIterable, Sendable, Codable {
        case stream, datagram
    }

    /// As it is passed in `LISTEN_FDNAMES`.
    public let name: String
    public let address: Address
    public var kind = Kind.stream
    /// Permission bits of a Unix socket.
    public var mode: UInt32 = 0o666
    /// Of a Unix socket; `nil` for who runs keepd.
    public var owner: String?
    public var group: String?
    /// Connections that wait to be accepted.
    public var backlog: Int32 = 4096
    /// One socket for each instance, among which the kernel spreads the connections.
    public var reusePort = false

    public init(name: String, address: Address) {
        self.name = name
        self.address = address
    }
}
