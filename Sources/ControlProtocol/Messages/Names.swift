/// What something was done to, or can be done to.
public struct Names: Codable, Equatable, Sendable {
    public var names: [String]

    public init(names: [String]) {
        self.names = names
    }
}
