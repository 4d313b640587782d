import OrderedCollections
import Supervision
import SystemTypes

/// A computer with a few programs, where every accident follows from one seed.
///
/// Time is virtual: it goes from one happening to the next. What is promised is checked at the
/// seam, when supervision asks for something (World+Host), and after each step (World+Promises).
final class World {
    enum Happening {
        case answer(Incarnation)
        case ready(Incarnation)
        case extend(Incarnation)
        case ping(Incarnation)
        case probeAnswered(Incarnation, ProbeRole, attempt: Int, failure: String?)
        case stopCommandEnded(Incarnation)
        case trigger(Incarnation)
        case exit(Incarnation, SystemTypes.ExitStatus?)
        case treeGone(Incarnation)
    }

    struct Question {
        let role: ProbeRole
        let attempt: Int
        let at: Instant
    }

    /// How slow this computer can be.
    enum Latency {
        static let spawnMax = Duration.seconds(1)
        static let killMax = Duration.milliseconds(500)
        static let timerMax = Duration.milliseconds(50)
    }

    let configuration: Configuration
    /// Decides the jitter.
    let supervisorSeed: UInt64
    private(set) lazy var conductor = Conductor(
        Supervisor(configuration, seed: supervisorSeed, at: .zero),
        host: self
    )
    var chance: Chance
    /// Decides when another supervisor takes over and which ends are told late, and nothing else, so
    /// that it disturbs nothing.
    var fate: Chance
    private(set) var now = Instant.zero
    private(set) var steps = 0

    /// What is under way, soonest last.
    private var happenings: [(at: Instant, what: Happening)] = []
    var runs: [Incarnation: SimulatedRun] = [:]
    var runOf: [InstanceID: Incarnation] = [:]
    /// The open ones.
    var questions: [Incarnation: Question] = [:]
    /// How many starts are free at ``tokensAt``.
    var tokens = 0.0
    var tokensAt = Instant.zero
    /// Their runs have ended before them.
    var commandsToEnd: Set<Incarnation> = []
    /// What would be left after a crash, as it is written down.
    var book: [InstanceID: LedgerRecord.Words] = [:]
    var ledgers: OrderedDictionary<InstanceID, Ledger> = [:]
    private(set) var needsByProgram: [String: [Dependency]] = [:]
    private(set) var dependentsByProgram: [String: [String]] = [:]
    private(set) var idsByProgram: [String: [InstanceID]] = [:]

    private(set) var isTelling = false
    /// Whether a process has ended from within what supervision is being told.
    ///
    /// Of a second one the observer would know before supervision has heard of the first.
    var hasInterrupted = false

    /// What was asked for, and when this computer gets round to it.
    var deadline: Instant?
    var wakeAt: Instant?

    /// All that supervision was told and has asked for, in order, for a replay.
    private(set) var told: [(at: Instant, event: Supervisor.Event)] = []
    var asked: [Supervisor.Effect] = []

    var endOrderedAt: (shutDown: Instant?, killAll: Instant?)
    var isFinished = false
    /// The last phase that was announced.
    var announced: [InstanceID: Phase] = [:]
    /// A cause that has not been announced yet.
    var unannounced: Set<InstanceID> = []
    /// To whom an operator sends a signal, which is no stop.
    var signalled: InstanceID?
    /// Who is being restarted, and for whom.
    var restarting: (id: InstanceID, requester: Requester)?
    private(set) var isRinging = false
    /// Another supervisor asks again for what the one before has not been answered.
    private(set) var isResuming = false
    /// The first promise that was broken.
    private(set) var broken: String?

    init(chance: Chance) {
        self.chance = chance
        configuration = self.chance.configuration()
        supervisorSeed = self.chance.seed()
        fate = Chance(seed: supervisorSeed)
        tokens = Double(configuration.daemon.starts.burst)
        for program in configuration.programs {
            for number in 0..<program.instances {
                let id = InstanceID(program: program.name, number: number)
                ledgers[id] = Ledger(policy: program.policy)
                announced[id] = .stopped
                idsByProgram[program.name, default: []].append(id)
            }
            needsByProgram[program.name] = program.dependsOn
            for need in program.dependsOn where need.condition != .completed {
                dependentsByProgram[need.program, default: []].append(program.name)
            }
        }
    }

    func promise(_ holds: Bool, _ text: @autoclosure () -> String) {
        if !holds, broken == nil { broken = text() }
    }

    // MARK: - Time

    /// Runs for `steps` at most, and then to the end of the world.
    func run(steps count: Int) {
        writeBook()
        while steps < count, !isFinished, broken == nil { step() }
        if !isFinished, broken == nil { shutDown(isKind: chance.happens(80)) }
        while !isFinished, broken == nil {
            if isHandoverDue { replaceSupervisor() }
            advance()
            keepPromises()
            steps += 1
            promise(steps < count + 10_000, "it goes on and on")
        }
        if broken == nil { knockAtTheDoor() }
    }

    private func step() {
        steps += 1
        if isHandoverDue { replaceSupervisor() }
        if steps == 1, chance.happens(95) {
            begin()
        } else if chance.happens(15) || isIdle {
            actAsOperator()
        } else {
            advance()
        }
        keepPromises()
    }

    /// Now and then, for it takes as long as a hundred other steps.
    private var isHandoverDue: Bool { fate.number(1...250) == 1 }

    /// Has another supervisor, in another process, go on from what this one writes down.
    private func replaceSupervisor() {
        keepSurvival()
        do {
            let text = StateText.encode(conductor.supervisor.state)
            let state = try StateText.decode(SupervisorState.self, from: text)
            let supervisor = Supervisor(restoring: state, at: now)
            promise(StateText.encode(supervisor.state) == text, "something is forgotten")
            conductor = Conductor(supervisor, host: self)
            writeBook()
        } catch {
            promise(false, "a state that nobody can read: \(error)")
        }
        questions = [:]
        isResuming = true
        tell(.resumed)
        isResuming = false
        // What is killed once more may be gone at once, and others wait for it.
        keepPromises()
    }

    private var isIdle: Bool { happenings.isEmpty && wakeAt == nil }

    /// Goes to whatever comes next, and lets it happen.
    private func advance() {
        let next = happenings.last?.at
        if let wake = wakeAt, wake < next ?? .distantFuture || wake == next && chance.happens(50) {
            now = max(now, wake)
            ring()
        } else if let (at, what) = happenings.popLast() {
            now = max(now, at)
            happen(what)
        } else {
            promise(isFinished, "all is quiet, and yet it is not finished")
        }
    }

    /// The timer goes off.
    private func ring() {
        wakeAt = nil
        if let killAt, now >= killAt { endOrderedAt.killAll = endOrderedAt.killAll ?? now }
        let count = (told: told.count, asked: asked.count)
        // What is killed for want of patience does not get ready any more.
        for id in ledgers.keys where endOrderedAt.killAll == nil {
            ledgers[id]?.noticeSilence(now)
            ledgers[id]?.noticeTime(now)
        }
        isRinging = true
        tell(.deadlineReached)
        isRinging = false
        let isInVain = told.count == count.told + 1 && asked.count == count.asked
        promise(!isInVain || deadline ?? .distantFuture > now, "a deadline is left in the past")
    }

    /// When the patience of a shutdown ends.
    var killAt: Instant? {
        endOrderedAt.shutDown.map { $0 + configuration.daemon.shutdownTimeout }
    }

    var isEnding: Bool { endOrderedAt != (nil, nil) }

    /// Lets time pass in which nothing happens.
    func idle(for duration: Duration) {
        let next = min(happenings.last?.at ?? .distantFuture, wakeAt ?? .distantFuture)
        now = max(now, min(next, now + duration))
    }

    func schedule(_ what: Happening, in delay: Duration) {
        let at = now + delay
        let index = happenings.firstIndex { $0.at <= at } ?? happenings.endIndex
        happenings.insert((at, what), at: index)
    }

    func tell(_ event: Supervisor.Event) {
        told.append((now, event))
        guard !isTelling else { return conductor.handle(event) }
        (isTelling, hasInterrupted) = (true, false)
        conductor.handle(event)
        isTelling = false
    }
}
