/// What a migration has to know about the machine.
public struct Machine {
    /// What `%(host_node_name)s` stands for.
    public var hostName: String
    /// The files that match a pattern, in any order; as glob(7) has it.
    public var glob: (_ pattern: String) -> [String]
    /// The text of a file; `nil` if it cannot be read.
    public var readFile: (_ path: String) -> String?

    public init(
        hostName: String,
        glob: @escaping (_ pattern: String) -> [String],
        readFile: @escaping (_ path: String) -> String?
    ) {
        self.hostName = hostName
        self.glob = glob
        self.readFile = readFile
    }
}
