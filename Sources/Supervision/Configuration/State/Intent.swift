/// What is wanted: what the files say, and what operators have said beside them.
public struct Intent: Equatable, Sendable, Codable {
    /// As it was read.
    public private(set) var declared: Configuration
    public private(set) var enabled: EnabledPrograms
    /// By the name of the program; for all others the file counts.
    private var counts: [String: Int] = [:]

    public init(_ declared: Configuration, enabled: EnabledPrograms = EnabledPrograms()) {
        self.declared = declared
        self.enabled = enabled
    }

    /// All of it in one, which is what is to be carried out.
    public var configuration: Configuration {
        var configuration = declared
        configuration.programs = declared.programs.map { program in
            var program = program
            program.autostart = enabled.starts(program)
            program.instances = counts[program.name] ?? program.instances
            return program
        }
        return configuration
    }

    /// Remembers how many instances there shall be, until the file says something else.
    public mutating func scale(_ program: String, to count: Int) {
        counts[program] = count
    }

    public mutating func enable(_ program: String, _ isEnabled: Bool) {
        enabled.choices[program] = isEnabled
    }

    /// What is wanted once the files say `new`.
    public func adopting(_ new: Configuration) -> Intent {
        var next = self
        next.declared = new
        let past = Dictionary(declared.programs.map { ($0.name, $0.instances) }) { first, _ in first
        }
        let present = Dictionary(new.programs.map { ($0.name, $0.instances) }) { first, _ in first }
        next.counts = counts.filter { name, _ in past[name] == present[name] }
        return next
    }

    /// With those settings of keepd that only its restart can change as they are in effect.
    public func keeping(whatNeedsRestartOf past: Intent) -> Intent {
        var next = self
        next.declared.daemon.socket = past.declared.daemon.socket
        next.declared.daemon.logDirectory = past.declared.daemon.logDirectory
        next.declared.daemon.stateDirectory = past.declared.daemon.stateDirectory
        return next
    }
}
