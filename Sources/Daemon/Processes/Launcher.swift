internal import LinuxSystem
internal import Supervision
internal import SystemPackage

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

    private let surroundings: Surroundings

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Where the control socket is.
    var socketDirectory: String {
        FilePath(surroundings.socketPath).removingLastComponent().string
    }

    func request(
        for program: ProgramConfiguration,
        instance: Int
    ) throws(SpawnFailure) -> SpawnRequest {
        let command = program.command.map { $0.text(instance: instance) }
        return try request(toRun: command, as: program, instance: instance)
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
        let environment = environment(of: program, instance: instance)
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
        request.limits = [ResourceLimit(.openFiles, soft: surroundings.openFilesMax, hard: nil)]
        request.identity = try identity(of: program)
        return request
    }

    private func environment(of program: ProgramConfiguration, instance: Int) -> [String: String] {
        var environment = program.clearEnvironment ? [:] : surroundings.environment
        for (name, value) in program.environment {
            environment[name] = value.text(instance: instance)
        }
        // By these a process is recognised as the program's, wherever it has got to.
        environment[Mark.program] = program.name
        environment[Mark.instance] = String(instance)
        environment["KEEPD_SOCKET"] = surroundings.socketPath
        return environment
    }

    private func identity(
        of program: ProgramConfiguration
    ) throws(SpawnFailure) -> SpawnRequest.Identity? {
        guard program.user != nil || program.group != nil else { return nil }
        let user: Accounts.User?
        if let name = program.user {
            user = Accounts.user(name)
            if user == nil { throw .unknown("user", name) }
        } else {
            user = Accounts.user(id: Accounts.effectiveUser)
        }
        var group = user?.group
        if let name = program.group {
            group = Accounts.group(name)
            if group == nil { throw .unknown("group", name) }
        }
        let ownGroup = group ?? 0
        return SpawnRequest.Identity(
            user: user?.id ?? Accounts.effectiveUser,
            group: ownGroup,
            supplementaryGroups: user.map { Accounts.groups(of: $0, with: ownGroup) } ?? [ownGroup]
        )
    }

    /// The names of the variables that mark a program's processes.
    enum Mark {
        static let program = "KEEPD_PROGRAM"
        static let instance = "KEEPD_INSTANCE"

        /// Which instance a process belongs to, by the environment it was executed with.
        static func instance(in environment: [String]) -> InstanceID? {
            func value(of name: String) -> Substring? {
                environment.first { $0.hasPrefix(name + "=") }?.dropFirst(name.utf8.count + 1)
            }
            // What a hook has started is not the program's, though it has all of its variables.
            guard value(of: HookNotice.eventVariable) == nil else { return nil }
            guard let program = value(of: program), let text = value(of: instance),
                let number = Int(text)
            else { return nil }
            return InstanceID(program: String(program), number: number)
        }
    }
}

extension SpawnFailure {
    fileprivate static func unknown(_ kind: String, _ name: String) -> SpawnFailure {
        SpawnFailure(
            step: "identity",
            errno: 0,
            message: "cannot become \(kind) \(name): no such \(kind)"
        )
    }
}

extension SpawnFailure {
    /// Says what failed, in terms of the configuration.
    init(_ error: SpawnError, _ request: SpawnRequest) {
        let act =
            switch error.step {
            case .clone: "start a process"
            case .cgroup: "put it into its cgroup"
            case .setsid: "begin a session"
            case .setpgid: "begin a process group"
            case .dup2: "set up descriptor \(error.subject ?? "")"
            case .controllingTerminal: "give it its terminal"
            case .setrlimit: "set the limit \(error.subject ?? "")"
            case .nice: "set its niceness to \(request.niceness ?? 0)"
            case .oomScoreAdjust: "set oom_score_adj to \(request.oomScoreAdjust ?? 0)"
            case .processors: "bind it to its processors"
            case .chroot: "chroot to \(request.root ?? "")"
            case .boundingSet: "drop capability \(error.subject ?? "")"
            case .capset: "set its capabilities"
            case .ambientSet: "give it capability \(error.subject ?? "")"
            case .parentDeathSignal: "bind its life to its parent's"
            case .noNewPrivileges: "withhold new privileges"
            case .setgroups: "set supplementary groups"
            case .setgid: "become group \(request.identity?.group ?? 0)"
            case .setuid: "become user \(request.identity?.user ?? 0)"
            case .chdir: "chdir to \(request.directory ?? "")"
            case .execve: "execute \(request.arguments[0])"
            case .watch: "watch the process"
            }
        self.init(
            step: error.step.rawValue,
            errno: error.errno.rawValue,
            message: "cannot \(act): \(error.errno.reason)"
        )
    }
}
