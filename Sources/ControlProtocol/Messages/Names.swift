/// The instances that something was done to.
public struct Names: Codable, Equatable, Sendable {
    public var names: [String]

    public init(names: [String]) {
        self.names = names
    }
}
