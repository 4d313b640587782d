import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// A keepd of one test, with a directory, a configuration and a socket of its own.
final class RunningDaemon {
    let scratch: Scratch
    let process: StartedProcess
    let socketPath: String
    private let transcript: Transcript
    private let client: Client

    /// On which of the two outputs the daemon's own lines come.
    enum LogPlace {
        case output, error

        init(_ outlet: StartedProcess.Outlet) {
            self = outlet == .terminal ? .output : .error
        }
    }

    /// Starts it with a configuration that is there, and waits until it answers.
    ///
    /// - Parameters:
    ///   - socketPath: Where the configuration puts the socket.
    ///   - binary: Another than the one that was built.
    ///   - wrapper: A command that executes the rest of its arguments.
    init(
        configuration: String,
        socketPath: String,
        scratch: Scratch,
        binary: String = Places.product("keepd"),
        arguments: [String] = [],
        wrapper: [String] = [],
        environment: [String: String] = [:],
        manager: FakeManager? = nil,
        outlet: StartedProcess.Outlet = .pipes,
        log: LogPlace? = nil
    ) throws {
        self.scratch = scratch
        self.socketPath = socketPath
        process = try StartedProcess(
            wrapper + [binary, "--config", configuration] + arguments,
            environment: environment,
            manager: manager,
            outlet: outlet
        )
        Stage.current?.add(socketPath: socketPath)
        transcript = (log ?? LogPlace(outlet)) == .output ? process.output : process.error
        try transcript.waitForLine("that says it serves") { $0.contains(", configured by ") }
        client = try Client(socketPath)
    }

    /// Starts it with programs of the test's own.
    ///
    /// - Parameters:
    ///   - programs: The name and the JSON of each.
    ///   - daemon: Further keys of `daemon`, as JSON without the braces.
    ///   - settle: How long all programs have to be up to count as running.
    ///   - more: Further keys of the configuration, each followed by a comma.
    convenience init(
        _ programs: KeyValuePairs<String, String>,
        daemon: String = "",
        settle: String = "0s",
        socket: String = "\"path\": \"keepd.sock\"",
        more: String = "",
        scratch: Scratch? = nil,
        binary: String = Places.product("keepd"),
        arguments: [String] = [],
        wrapper: [String] = [],
        environment: [String: String] = [:],
        manager: FakeManager? = nil,
        outlet: StartedProcess.Outlet = .pipes,
        log: LogPlace? = nil
    ) throws {
        let scratch = try scratch ?? Scratch()
        try RunningDaemon.write(programs, daemon, settle, socket, more: more, to: scratch)
        try self.init(
            configuration: scratch.path("keepd.json"),
            socketPath: scratch.path("keepd.sock"),
            scratch: scratch,
            binary: binary,
            arguments: arguments,
            wrapper: wrapper,
            environment: environment,
            manager: manager,
            outlet: outlet,
            log: log
        )
    }

    /// Writes another configuration, of which the daemon knows nothing yet.
    func rewrite(
        _ programs: KeyValuePairs<String, String>,
        daemon: String = "",
        more: String = ""
    ) throws {
        try RunningDaemon.write(programs, daemon, more: more, to: scratch)
    }

    static func write(
        _ programs: KeyValuePairs<String, String>,
        _ daemon: String,
        _ settle: String = "0s",
        _ socket: String = "\"path\": \"keepd.sock\"",
        more: String = "",
        to scratch: Scratch
    ) throws {
        let list = programs.map { "\(json($0.key)): \($0.value)" }.joined(separator: ",\n")
        try scratch.write(
            """
            {"daemon": {"socket": {\(socket)}, "logDirectory": "log", "stateDirectory": "state",
            \(daemon)},
            "defaults": {"start": {"settle": "\(settle)"}},
            \(more)
            "programs": {\(list)}}
            """,
            to: "keepd.json"
        )
    }

    // MARK: - Asking

    func call<R: Request>(_ request: R) throws -> R.Answer { try client.call(request) }

    func status(_ names: String...) throws -> [Program] {
        try call(Control.Status(names: names.isEmpty ? nil : names)).programs
    }

    func status(of name: String) throws -> Program {
        try #require(try status(name).first)
    }

    @discardableResult
    func start(_ names: String...) throws -> [Outcome] {
        try call(Control.Start(names: names)).outcomes
    }

    @discardableResult
    func stop(_ names: String...) throws -> [Outcome] {
        try call(Control.Stop(names: names)).outcomes
    }

    @discardableResult
    func restart(_ names: String...) throws -> [Outcome] {
        try call(Control.Restart(names: names)).outcomes
    }

    /// Another connection.
    func connect() throws -> Client { try Client(socketPath) }

    // MARK: - Watching

    /// Sleeps until the daemon's log has a line that ends so.
    @discardableResult
    func waitForLog(_ ending: String, from start: Int = 0) throws -> (text: String, next: Int) {
        try transcript.waitForLine("`\(ending)`", from: start) { $0.hasSuffix(ending) }
    }

    var log: [String] { transcript.lines }

    /// The processes that are left of all that it ever started.
    var survivors: [ProcessID] { Survivors.find(startedBy: socketPath) }

    // MARK: - Ending

    /// Sends the signal and waits for the end.
    func end(_ signal: Signal = .terminate) throws -> SystemTypes.ExitStatus {
        try process.send(signal)
        return try waitForEnd()
    }

    /// Waits for the end, and until all has been read that it wrote.
    func waitForEnd() throws -> SystemTypes.ExitStatus {
        let status = try process.waitForEnd()
        try process.output.waitForEnd()
        try process.error.waitForEnd()
        return status
    }
}
