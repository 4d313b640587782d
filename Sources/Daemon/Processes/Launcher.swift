internal import LinuxSystem
internal import Supervision

/// Turns what the configuration says into what the kernel is asked.
struct Launcher {
    /// In which circumstances the daemon itself runs.
    struct Surroundings: Sendable {
        let environment: [String: String]
        let socketPath: String
        /// The limit of open descriptors before the daemon raised its own.
        let openFilesMax: UInt64
    }

    /// Where to look if the program has no `PATH`: systemd's default.
    private static let defaultSearchPath =
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    let surroundings: Surroundings

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    var socketPath: String { surroundings.socketPath }

    /// - Parameter warn: Called for what is not as it should be, and is no hindrance.
    func request(
        for program: ProgramConfiguration,
        instance: Int,
        warn: (String) -> Void
    ) throws(SpawnFailure) -> SpawnRequest {
        let command = program.command.map { $0.text(instance: instance) }
        var request = try request(
            command,
            as: program,
            instance: instance,
            variables: [:],
            warn: warn
        )
        if program.hasTerminal { request.family = .terminal }
        return request
    }

    /// For another command in the circumstances of a program, such as one that asks how it is.
    ///
    /// - Parameter variables: What its environment has besides.
    func request(
        toRun arguments: [String],
        as program: ProgramConfiguration,
        instance: Int,
        variables: [String: String] = [:]
    ) throws(SpawnFailure) -> SpawnRequest {
        try request(
            arguments,
            as: program,
            instance: instance,
            variables: variables.merging([Mark.errand: "1"]) { _, new in new },
            // The program itself has been warned of.
            warn: { _ in }
        )
    }

    private func request(
        _ arguments: [String],
        as program: ProgramConfiguration,
        instance: Int,
        variables: [String: String],
        warn: (String) -> Void
    ) throws(SpawnFailure) -> SpawnRequest {
        let user = try user(of: program)
        let environment = try environment(of: program, user, instance: instance, warn: warn)
            .merging(variables) { _, new in new }
        var request = SpawnRequest(
            candidates: SpawnRequest.candidates(
                for: arguments[0],
                searchPath: environment["PATH"] ?? Launcher.defaultSearchPath
            ),
            arguments: arguments,
            environment: environment.map { "\($0.key)=\($0.value)" }
        )
        request.directory = program.directory?.text(instance: instance)
        request.umask = program.umask
        request.identity = try identity(of: program, user)
        setLimits(program.limits, of: &request)
        request.root = program.security.chroot?.text(instance: instance)
        request.noNewPrivileges = program.security.noNewPrivileges
        request.capabilities = try capabilities(of: program)
        return request
    }

    /// The names of the variables that mark a program's processes.
    enum Mark {
        static let program = "KEEPD_PROGRAM"
        static let instance = "KEEPD_INSTANCE"
        /// The path of the control socket, which also tells whose program it is.
        static let socket = "KEEPD_SOCKET"
        /// Only of what keepd runs for its own ends, such as probes and hooks.
        static let errand = "KEEPD_ERRAND"

        /// Which instance a process belongs to, by the environment it was executed with.
        static func instance(in environment: [String]) -> InstanceID? {
            func value(of name: String) -> Substring? {
                environment.first { $0.hasPrefix(name + "=") }?.dropFirst(name.utf8.count + 1)
            }
            // What a hook has started is not the program's, though it has all of its variables.
            guard value(of: errand) == nil else { return nil }
            guard let program = value(of: program), let text = value(of: instance),
                let number = Int(text)
            else { return nil }
            return InstanceID(program: String(program), number: number)
        }
    }
}
