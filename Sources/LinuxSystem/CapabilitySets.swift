/// What a program may do although it is not root, or may not although it is.
///
/// Source: capabilities(7); ambient sets, Linux 4.3.
public struct CapabilitySets: Equatable, Sendable {
    /// The program has these, and all that it executes, whoever it is.
    public var ambient: Set<Capability>
    /// A program whose file allows it gets these; ``ambient`` is always among them.
    public var inheritable: Set<Capability>
    /// What the program and all that it executes can ever have; `nil` to leave it as it is.
    public var bounding: Set<Capability>?

    public init(
        ambient: Set<Capability> = [],
        inheritable: Set<Capability> = [],
        bounding: Set<Capability>? = nil
    ) {
        self.ambient = ambient
        self.inheritable = inheritable
        self.bounding = bounding
    }
}

extension Set<Capability> {
    /// Bit n stands for capability n.
    var word: UInt64 { reduce(0) { $0 | 1 << UInt64($1.number) } }
}
