internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage

/// The one owner of the present configuration, and the only way to another.
///
/// The supervisor has of it what it goes by, and everybody else asks here or there.
final class Registry {
    private let source: ConfigurationSource
    private let state: StateFile
    private let loop: EventLoop
    private let pool: ThreadPool
    private(set) var intent: Intent {
        didSet {
            groups = Registry.groups(of: intent)
            onIntent?()
        }
    }
    /// Told of each other intent; set once.
    var onIntent: (() -> Void)?
    /// The names of the groups of each program.
    private(set) var groups: [String: [String]]
    /// Set before anything is changed.
    weak var conductor: Conductor?
    private var observers: [(DaemonConfiguration) -> Void] = []

    /// - Parameters:
    ///   - declared: What the source says.
    ///   - logger: Told what is wrong with the notes of earlier times, which are done without then.
    convenience init(
        _ declared: Configuration,
        of source: ConfigurationSource,
        loop: EventLoop,
        pool: ThreadPool,
        logger: Logger
    ) {
        self.init(Intent(declared), of: source, loop: loop, pool: pool)
        intent = Intent(declared, enabled: Registry.read(state, logger))
    }

    /// - Parameter intent: What is in force, whatever the source says.
    init(_ intent: Intent, of source: ConfigurationSource, loop: EventLoop, pool: ThreadPool) {
        let directory = intent.declared.daemon.stateDirectory ?? StandardDirectory.state
        state = StateFile(EnabledPrograms.fileName, in: directory, loop: loop, pool: pool)
        self.intent = intent
        self.source = source
        self.loop = loop
        self.pool = pool
        groups = Registry.groups(of: intent)
    }

    private static func groups(of intent: Intent) -> [String: [String]] {
        var groups: [String: [String]] = [:]
        for group in intent.declared.groups {
            for program in group.programs { groups[program, default: []].append(group.name) }
        }
        return groups
    }

    private static func read(_ state: StateFile, _ logger: Logger) -> EnabledPrograms {
        do {
            guard let bytes = try state.read() else { return EnabledPrograms() }
            let reading = EnabledPrograms.read(bytes, file: state.path)
            for problem in reading.problems { logger.warning("\(problem)") }
            return reading.programs
        } catch {
            logger.warning("cannot read \(state.path): \(error.reason)")
            return EnabledPrograms()
        }
    }

    /// Has somebody told of the daemon's own settings whenever they may have changed, and programs
    /// have been made what a new configuration says.
    func onChange(_ observer: @escaping (DaemonConfiguration) -> Void) {
        observers.append(observer)
    }

    /// Calls back when all is on the disk that has been said beside the files.
    func settle(then done: @escaping () -> Void) {
        state.settle(then: done)
    }

    /// Of the file; `nil` where there is none.
    var configurationPath: String? { source.path }

    /// For messages.
    var path: String { source.description }

    // MARK: - The files

    /// A way to what the files say now.
    struct Proposal {
        let intent: Intent
        let plan: Plan
    }

    /// Reads the files, which may take a while, for a disk may.
    func load(then done: @escaping (Result<Configuration, ConfigurationErrors>) -> Void) {
        pool.call(
            { [source] () -> Result<Configuration, ConfigurationErrors> in
                do throws(ConfigurationErrors) {
                    return .success(try source.load())
                } catch {
                    return .failure(error)
                }
            },
            from: loop,
            then: done
        )
    }

    /// - Parameter programs: Those that are meant, and nothing else of it; `nil` for all of it.
    func proposal(for new: Configuration, only programs: Set<String>? = nil) -> Proposal {
        let declared = programs.map { intent.declared.taking($0, from: new) } ?? new
        let next = intent.adopting(declared)
        return Proposal(
            intent: next,
            plan: Plan(from: intent.configuration, to: next.configuration)
        )
    }

    func apply(_ proposal: Proposal, by requester: Requester) {
        // What would take a restart of keepd is still to be seen in the next plan.
        intent = proposal.intent.keeping(whatNeedsRestartOf: intent)
        conductor?.handle(.configure(proposal.plan, by: requester))
        for observer in observers { observer(intent.declared.daemon) }
    }

    // MARK: - Beside the files

    var statePath: String { state.path }

    func scale(_ program: String, to count: Int, by requester: Requester) {
        intent.scale(program, to: count)
        conductor?.handle(.scale(program, to: count, by: requester))
    }

    /// In effect at once, and written down by the time of the answer.
    func enable(
        _ programs: [String],
        _ isEnabled: Bool,
        then done: @escaping StateFile.Answer
    ) {
        for program in programs {
            intent.enable(program, isEnabled)
            conductor?.handle(.enable(program, isEnabled))
        }
        state.write(intent.enabled.bytes, then: done)
    }
}
