internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// What a program finds in its environment.
extension Launcher {
    private static let fileBytesMax = 1 << 20
    /// Of one file.
    private static let warningsMax = 5

    /// The later wins: keepd's own, what belongs to the user, the file, the configuration.
    func environment(
        of program: ProgramConfiguration,
        _ user: Accounts.User?,
        instance: Int,
        warn: (String) -> Void
    ) throws(SpawnFailure) -> [String: String] {
        var environment = program.clearEnvironment ? [:] : surroundings.environment
        if let user {
            (environment["USER"], environment["LOGNAME"]) = (user.name, user.name)
            (environment["HOME"], environment["SHELL"]) = (user.home, user.shell)
        }
        if program.hasTerminal { environment["TERM"] = "xterm" }
        if let path = program.environmentFile?.text(instance: instance) {
            for (name, value) in try variables(inFile: path, warn) { environment[name] = value }
        }
        for (name, value) in program.environment {
            environment[name] = value.text(instance: instance)
        }
        // By these a process is recognised as the program's, wherever it has got to.
        environment[Mark.program] = program.name
        environment[Mark.instance] = String(instance)
        environment[Mark.socket] = surroundings.socketPath
        return environment
    }

    private func variables(
        inFile path: String,
        _ warn: (String) -> Void
    ) throws(SpawnFailure) -> [(name: String, value: String)] {
        let mayBeMissing = path.hasPrefix("-")
        let path = mayBeMissing ? String(path.dropFirst()) : path
        var bytes: [UInt8]?
        do {
            if let file = try Files.openRegular(path) {
                bytes = try Files.read(file, bytesMax: Launcher.fileBytesMax)
            }
        } catch .noSuchFileOrDirectory where mayBeMissing {
            return []
        } catch {
            throw SpawnFailure(
                step: "environment",
                cannot: "read the environment file \(path)",
                error
            )
        }
        guard let bytes else {
            throw SpawnFailure(
                step: "environment",
                errno: Errno.invalidArgument.rawValue,
                message: "cannot read the environment file \(path): it is no regular file"
            )
        }
        let file = EnvironmentFile(String(decoding: bytes, as: UTF8.self))
        for line in file.unread.prefix(Launcher.warningsMax) {
            warn("\(path):\(line): left out, for it is not NAME=value")
        }
        return file.variables
    }
}
