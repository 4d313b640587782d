/// What one program needs of another before it is started.
public struct Dependency: Hashable, Sendable, Codable {
    public enum Condition: String, CaseIterable, Sendable, Codable {
        /// There is a process.
        case started
        case ready
        /// Ready where nothing checks the health.
        case healthy
        /// A oneshot has ended in success.
        case completed
    }

    /// The name of the other.
    public let program: String
    public let condition: Condition

    public init(program: String, condition: Condition) {
        self.program = program
        self.condition = condition
    }
}
