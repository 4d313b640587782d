/// What the loader has to know about the machine and about who runs the daemon.
public struct Surroundings {
    public struct Unreadable: Error {
        /// As the system says it: `no such file or directory`.
        public let reason: String

        public init(reason: String) {
            self.reason = reason
        }
    }

    public var readFile: (_ path: String) throws(Unreadable) -> [UInt8]
    public var isWorldWritable: (_ path: String) -> Bool
    /// The files that match a pattern, in any order; as glob(7) has it, backslash included.
    public var glob: (_ pattern: String) -> [String]
    /// The path of a file without links and dots; as it is if there is no such file.
    public var resolve: (_ path: String) -> String
    public var userExists: (_ name: String) -> Bool
    public var groupExists: (_ name: String) -> Bool
    public var environment: [String: String]
    public var isRoot: Bool
    /// Absolute.
    public var defaultLogDirectory: String
    /// Absolute; what relative paths of files are seen from.
    public var workingDirectory: String

    public init(
        readFile: @escaping (_ path: String) throws(Unreadable) -> [UInt8],
        isWorldWritable: @escaping (_ path: String) -> Bool,
        glob: @escaping (_ pattern: String) -> [String],
        resolve: @escaping (_ path: String) -> String,
        userExists: @escaping (_ name: String) -> Bool,
        groupExists: @escaping (_ name: String) -> Bool,
        environment: [String: String],
        isRoot: Bool,
        defaultLogDirectory: String,
        workingDirectory: String
    ) {
        precondition(defaultLogDirectory.hasPrefix("/") && workingDirectory.hasPrefix("/"))
        self.readFile = readFile
        self.isWorldWritable = isWorldWritable
        self.glob = glob
        self.resolve = resolve
        self.userExists = userExists
        self.groupExists = groupExists
        self.environment = environment
        self.isRoot = isRoot
        self.defaultLogDirectory = defaultLogDirectory
        self.workingDirectory = workingDirectory
    }

    /// The directory of `file`, absolute.
    func directory(of file: String) -> String {
        file.directoryPart.path(from: workingDirectory)
    }
}
