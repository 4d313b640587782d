import OrderedCollections
import Supervision
import SystemTypes

/// A computer whose configuration is changed all the time, and whose clock on the wall jumps.
///
/// ``World`` knows what each program should do; here only safety counts, and that all is as the last
/// configuration wants it once people have calmed down.
final class Upheaval {
    enum Happening {
        case report(Supervisor.Event)
        case end(Incarnation)
        case gone(Incarnation)
    }

    private(set) lazy var conductor = Conductor(
        Supervisor(configuration, seed: 7, at: .zero),
        host: self
    )
    var chance: Chance
    private(set) var configuration: Configuration
    private(set) var now = Instant.zero
    private var happenings: [(at: Instant, what: Happening)] = []
    private var deadline: Instant?
    /// The runs that are up, and those of which something is left.
    private var up: Set<Incarnation> = []
    private var left: Set<Incarnation> = []
    private var hasFinished = false
    private(set) var broken: String?

    /// Nothing ends by itself any more.
    private var isCalm = false

    init(seed: UInt64) {
        chance = Chance(seed: seed)
        configuration = chance.configuration()
        for index in configuration.programs.indices { schedule(&configuration.programs[index]) }
    }

    private func promise(_ holds: Bool, _ text: @autoclosure () -> String) {
        if !holds, broken == nil { broken = "\(text()), at \((now - .zero).inSeconds) s" }
    }

    private func schedule(_ program: inout ProgramConfiguration) {
        guard chance.happens(20) else { return }
        program.policy.kind = .scheduled
        program.policy.restart.when = .never
        program.schedule = (try? CronExpression("*/5 * * * *")).map { Schedule($0) }
    }

    // MARK: - Time

    func run(steps: Int) {
        conductor.handle(.begin)
        for _ in 0..<steps where broken == nil { step() }
        calmDown()
        conductor.handle(.shutDown(by: .keepd))
        for _ in 0..<1_000 where broken == nil && !hasFinished { advance() }
        promise(hasFinished, "it does not end")
    }

    private func step() {
        if chance.happens(25) { upset() } else { advance() }
        if chance.happens(3) { replaceSupervisor() }
        let retired = conductor.supervisor.instances.values.filter { $0.isRetiring }
        promise(
            retired.allSatisfy { $0.machine.goal != .up },
            "one that retires is wanted"
        )
    }

    private func replaceSupervisor() {
        do {
            let text = StateText.encode(conductor.supervisor.state)
            let state = try StateText.decode(SupervisorState.self, from: text)
            conductor = Conductor(Supervisor(restoring: state, at: now), host: self)
            promise(StateText.encode(conductor.supervisor.state) == text, "something is forgotten")
        } catch {
            promise(false, "a state that nobody can read: \(error)")
        }
        conductor.handle(.resumed)
    }

    private func advance() {
        let next = happenings.last?.at ?? .distantFuture
        if let deadline, deadline <= next {
            now = max(now, deadline)
            conductor.handle(.deadlineReached)
        } else if let (at, what) = happenings.popLast() {
            now = max(now, at)
            happen(what)
        } else {
            now = now + .seconds(10)
        }
    }

    /// People rest, programs behave: all has to become as the configuration says.
    private func calmDown() {
        isCalm = true
        let limit = now + .seconds(120)
        while now < limit, broken == nil { advance() }
        let wanted = configuration.programs.flatMap { program in
            (0..<program.instances).map { InstanceID(program: program.name, number: $0) }
        }
        let there = conductor.supervisor.instances
        promise(Set(there.keys) == Set(wanted), "there are \(there.keys), wanted are \(wanted)")
        for program in configuration.programs {
            let id = InstanceID(program: program.name, number: program.instances - 1)
            promise(there[id]?.machine.policy == program.policy, "\(id) goes by old rules")
            let name = program.displayName(of: id.number)
            promise(there[id]?.name == name, "\(id) is called \(there[id]?.name ?? "")")
        }
    }

    private func schedule(_ what: Happening, in delay: Duration) {
        let at = now + delay
        happenings.insert((at, what), at: happenings.firstIndex { $0.at <= at } ?? happenings.count)
    }

    private func happen(_ what: Happening) {
        switch what {
        case .report(let event): conductor.handle(event)
        case .end(let run):
            guard up.remove(run) != nil else { return }
            let survivors = chance.pick(0, 0, 2)
            if survivors > 0 {
                left.insert(run)
                schedule(.gone(run), in: chance.milliseconds(0...500))
            }
            let status = SystemTypes.ExitStatus.exited(Int32(chance.pick(0, 1)))
            conductor.handle(.exited(run, status, survivors: survivors))
        case .gone(let run):
            guard left.remove(run) != nil else { return }
            conductor.handle(.treeGone(run))
        }
    }

    // MARK: - People

    private func upset() {
        let program = chance.pick(from: configuration.programs)
        let ids = (0..<program.instances).map { InstanceID(program: program.name, number: $0) }
        switch chance.number(0...7) {
        case 0...2: change()
        case 3: scale(program)
        case 4: conductor.handle(.rollingRestart(ids, by: .keepd))
        case 5: conductor.handle(.filesChanged(program.name))
        case 6:
            conductor.handle(.clockSet(offset: .seconds(Double(chance.number(-20_000...20_000)))))
        default:
            for _ in 0..<chance.pick(1, 2) {
                let order: Supervisor.Order = chance.pick(.start, .stop, .restart)
                let id = chance.pick(from: Array(conductor.supervisor.instances.keys))
                conductor.handle(.order(order, id, by: .keepd))
            }
        }
    }

    private func scale(_ program: ProgramConfiguration) {
        guard let index = configuration.programs.firstIndex(of: program) else { return }
        let count = chance.number(1...4)
        configuration.programs[index].instances = count
        conductor.handle(.scale(program.name, to: count, by: .keepd))
    }

    private func change() {
        var new = configuration
        let other = chance.configuration()
        let index = chance.number(0...new.programs.count - 1)
        switch chance.number(0...6) {
        case 0 where new.programs.count > 1:
            let name = new.programs.remove(at: index).name
            for index in new.programs.indices {
                new.programs[index].dependsOn.removeAll { $0.program == name }
            }
        case 1:
            var added = other.programs[0]
            added.name = "p\(chance.number(0...9))"
            added.dependsOn = []
            schedule(&added)
            if !new.programs.contains(where: { $0.name == added.name }) {
                new.programs.append(added)
            }
        case 2:
            new.programs[index].command = ["other", Template(pieces: ["\(chance.number(0...99))"])]
        case 3:
            new.programs[index].policy.kind = chance.pick(.service, .oneshot)
            new.programs[index].schedule = nil
        case 4:
            let kind = new.programs[index].policy.kind
            new.programs[index].policy = other.programs[0].policy
            new.programs[index].policy.kind = kind
        case 5: new.programs[index].limits.tasks = chance.pick(nil, chance.number(1...99))
        default: new.programs[index].instances = chance.number(1...4)
        }
        conductor.handle(.configure(Plan(from: configuration, to: new), by: .keepd))
        configuration = new
    }
}

// MARK: - The seam

extension Upheaval: Host {
    private func hasRun(_ id: InstanceID) -> Bool {
        [up, left].contains { runs in runs.contains { $0.instance == id } }
    }

    func spawn(_ run: Incarnation) {
        promise(!hasRun(run.instance), "\(run) is spawned beside another")
        promise(conductor.supervisor.instances[run.instance] != nil, "\(run) is of nobody")
        if chance.happens(10), !isCalm {
            let failure = SpawnFailure(step: "clone", errno: 12, message: "no memory")
            return conductor.handle(.spawnFailed(run, failure))
        }
        up.insert(run)
        conductor.handle(.spawned(run, ProcessID(rawValue: 9)))
        if chance.happens(60) {
            schedule(.report(.ready(run)), in: chance.milliseconds(0...1_000))
        }
        if !isCalm, chance.happens(60) {
            schedule(.end(run), in: chance.milliseconds(0...20_000))
        }
    }

    func signal(_ run: Incarnation, _ signal: Signal, scope: SignalScope) {
        promise(up.contains(run), "\(signal) for \(run), which is not up")
        schedule(.end(run), in: chance.milliseconds(0...3_000))
    }

    func signalSurvivors(of run: Incarnation, _ signal: Signal) {
        promise(left.contains(run), "\(signal) for survivors of \(run)")
    }

    func killTree(_ run: Incarnation) {
        promise(up.contains(run) || left.contains(run), "SIGKILL for \(run), which is gone")
        schedule(.end(run), in: chance.milliseconds(0...300))
    }

    func adopt(_ run: Incarnation) {
        promise(up.contains(run), "a change for \(run), which is not up")
        if chance.happens(50) {
            let failure = SpawnFailure(step: "cgroup", errno: 0, message: "cannot set limits.cpu")
            conductor.handle(.limitsRefused(run, failure))
        }
    }

    func probe(_ run: Incarnation, _ role: ProbeRole, attempt: Int) {
        promise(up.contains(run), "\(run) is asked, and is not up")
        let failure = isCalm ? nil : chance.pick(nil, "refused")
        let answer = Supervisor.Event.probeAnswered(run, role, attempt: attempt, failure: failure)
        schedule(.report(answer), in: chance.milliseconds(1...300))
    }

    func endProbe(_ run: Incarnation) {}

    func runStopCommand(_ run: Incarnation) {
        promise(up.contains(run), "a command for \(run), which is not up")
    }

    func endStopCommand(_ run: Incarnation) {}

    func setDeadline(_ deadline: Instant?) { self.deadline = deadline }

    func announce(_ change: Change) {}

    func skip(_ program: String) {}

    func forget(_ instance: InstanceID) {
        promise(!hasRun(instance), "\(instance) is forgotten while it runs")
    }

    func finish(status: Int32) {
        promise(up.isEmpty && left.isEmpty, "finished, and \(up) \(left) are still there")
        hasFinished = true
    }
}
