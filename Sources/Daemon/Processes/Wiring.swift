internal import Supervision

/// What the standard descriptors of an instance are made by.
struct Wiring: Equatable, Codable, Sendable {
    let instance: InstanceID
    /// `web`, or `web:3`.
    let name: String
    let user: String?
    let hasTerminal: Bool
    let stdin: ProgramConfiguration.Input
    let stdout: ProgramConfiguration.Output
    let stderr: ProgramConfiguration.Output
    let stdoutLog: LogPolicy
    let stderrLog: LogPolicy

    init(_ program: ProgramConfiguration, instance: Int) {
        self.instance = InstanceID(program: program.name, number: instance)
        name = program.displayName(of: instance)
        user = program.user
        hasTerminal = program.hasTerminal
        (stdin, stdout, stderr) = (program.stdin, program.stdout, program.stderr)
        (stdoutLog, stderrLog) = (program.stdoutLog, program.stderrLog)
    }

    /// Whether descriptors that were made by the other can stay where they are.
    func suits(_ other: Wiring) -> Bool {
        hasTerminal == other.hasTerminal && stdin == other.stdin && stdout == other.stdout
            && stderr == other.stderr && user == other.user && name == other.name
            && stdoutLog.suits(other.stdoutLog) && stderrLog.suits(other.stderrLog)
    }

    /// Where what is printed goes; `nil` where keepd does not read it.
    func target(_ channel: StreamID.Channel) -> Sink.Target? {
        switch channel == .stdout ? stdout : stderr {
        case .file(let path): .file(path.text(instance: instance.number))
        case .console: .console(name)
        // What is printed on a terminal comes to keepd in any case.
        case .null, .inherit, .sameAsStdout: hasTerminal ? .console(name) : nil
        }
    }
}

extension Wiring: Templated {
    static var template: Wiring { Wiring(.template, instance: 0) }
}

extension LogPolicy {
    /// Whether one can take over from another while both ends of the pipe stay where they are.
    fileprivate func suits(_ other: LogPolicy) -> Bool {
        onFull == other.onFull && journal == other.journal
    }
}
