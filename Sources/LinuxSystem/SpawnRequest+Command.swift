extension SpawnRequest {
    /// Runs a program with the caller's environment.
    ///
    /// - Parameters:
    ///   - program: A path; or a name, and then it is looked for in `PATH`, as `execvp(3)` does.
    ///   - arguments: Those after the zeroth, which is `program`.
    public static func exec(_ program: String, _ arguments: String...) -> SpawnRequest {
        command(program, [program] + arguments)
    }

    /// Has `/bin/sh` carry out a command line, with the caller's environment.
    ///
    /// Whatever comes from elsewhere belongs into ``exec(_:_:)``: the shell would interpret it.
    ///
    /// Source: system(3).
    public static func shell(_ command: String) -> SpawnRequest {
        self.command("/bin/sh", ["sh", "-c", command])
    }

    private static func command(_ program: String, _ arguments: [String]) -> SpawnRequest {
        let variables = ProcessEnvironment.variables
        return SpawnRequest(
            candidates: candidates(
                for: program,
                searchPath: variables["PATH"] ?? SpawnRequest.standardSearchPath
            ),
            arguments: arguments,
            environment: variables.map { "\($0)=\($1)" }.sorted()
        )
    }

    /// Where glibc looks if there is no `PATH`.
    private static let standardSearchPath = "/bin:/usr/bin"
}
