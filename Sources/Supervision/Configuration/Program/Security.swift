/// What a program may not do although its user may.
public struct Security: Equatable, Sendable, Codable {
    public var noNewPrivileges = false
    /// All that it keeps, such as `CAP_NET_BIND_SERVICE`; `nil` to leave them as they are.
    public var capabilities: [String]?
    /// Absolute; the program sees this directory as `/`.
    public var chroot: Template?

    public init() {}
}
