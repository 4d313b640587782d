internal import ControlProtocol
internal import LinuxSystem
public import Supervision
internal import SystemPackage

/// Finds the configuration and reads it.
public struct ConfigurationFile: Sendable {
    /// A file of more is none that a person wrote.
    static let bytesMax = 16 << 20

    public let path: String
    private let environment: [String: String]

    /// Takes the first of those that are there; see docs/configuration.md, "Where it is".
    ///
    /// - Parameter path: What the command line says.
    /// - Returns: `nil` if no path is given and none of the usual files is there.
    public init?(path: String?) {
        environment = ProcessEnvironment.variables
        guard let found = path ?? ConfigurationFile.find(environment) else { return nil }
        self.path = found
    }

    private static func find(_ environment: [String: String]) -> String? {
        if let path = environment["KEEPD_CONFIG"], !path.isEmpty { return path }
        return usualPaths(environment).first { Files.mode(of: $0) != nil }
    }

    /// In the order in which they are looked for.
    public static var usualPaths: [String] { usualPaths(ProcessEnvironment.variables) }

    private static func usualPaths(_ environment: [String: String]) -> [String] {
        var paths = ["./keepd.json"]
        if Accounts.effectiveUser != 0 {
            let home = environment["HOME"].map { "\($0)/.config" }
            if let directory = environment["XDG_CONFIG_HOME"] ?? home {
                paths.append("\(directory)/keepd/keepd.json")
            }
        }
        return paths + ["/etc/keepd/keepd.json"]
    }

    /// For those who are somewhere else.
    public var absolutePath: String {
        path.hasPrefix("/") ? path : "\(ProcessEnvironment.workingDirectory)/\(path)"
    }

    public func load() throws(ConfigurationErrors) -> Configuration {
        try ConfigurationLoader(surroundings).load(path)
    }

    private var surroundings: Surroundings {
        Surroundings(
            readFile: { path throws(Surroundings.Unreadable) in
                do throws(Errno) {
                    return try Files.read(path, bytesMax: ConfigurationFile.bytesMax)
                } catch {
                    throw Surroundings.Unreadable(reason: error.reason)
                }
            },
            isWorldWritable: { Files.mode(of: $0).map { $0 & 0o002 != 0 } ?? false },
            glob: Files.glob,
            resolve: Files.resolve,
            userExists: { Accounts.user($0) != nil },
            groupExists: { Accounts.group($0) != nil },
            environment: environment,
            isRoot: Accounts.effectiveUser == 0,
            defaultLogDirectory: StandardDirectory.logs,
            workingDirectory: ProcessEnvironment.workingDirectory
        )
    }
}
