import SystemTypes

/// What came of a command that was run to its end.
struct Run {
    let status: SystemTypes.ExitStatus
    let output: String
    let error: String

    init(
        _ command: [String],
        environment: [String: String] = [:],
        directory: String? = nil
    ) throws {
        let process = try StartedProcess(command, environment: environment, directory: directory)
        status = try process.waitForEnd()
        try process.output.waitForEnd()
        try process.error.waitForEnd()
        output = process.output.text
        error = process.error.text
    }
}

/// Runs keepd to its end.
func runKeepd(_ arguments: String..., directory: String? = nil) throws -> Run {
    try Run([Places.product("keepd")] + arguments, directory: directory)
}
