/// What a program needs of another before it is started.
public struct Dependency: Hashable, Sendable {
    public enum Condition: String, CaseIterable, Sendable {
        /// Its process is there.
        case started
        case ready
        /// Ready, and well as far as that is checked.
        case healthy
        /// Its last run has ended in success.
        case completed
    }

    public var program: String
    public var condition: Condition

    public init(program: String, condition: Condition) {
        self.program = program
        self.condition = condition
    }
}
