/// What a change of the configuration does to one program.
public struct ProgramChange: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case added
        case removed
        case changed
    }

    public let program: String
    public let kind: Kind
    /// Of an added program all that has a value, of a removed one none; in a fixed order.
    public let keys: [KeyChange]

    /// What the strongest of its keys takes; of `changed` only.
    public var `class`: ChangeClass { keys.map(\.class).max() ?? .none }
}
