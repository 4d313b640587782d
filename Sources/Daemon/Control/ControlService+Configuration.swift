internal import ControlProtocol
internal import LinuxSystem
internal import OrderedCollections
internal import Supervision

/// What changes which programs there are, how many of each, and what they are.
extension ControlService {
    func diff(_ exchange: Exchange, _ request: Control.Diff) {
        withConfiguration(exchange) { [registry] new throws(ControlError) in
            let plan = registry.proposal(for: new).plan
            let answer = Control.Plan(plan, unchanged: request.unchanged ?? false)
            exchange.finish(Control.Diff.Answer(plan: answer))
        }
    }

    func apply(_ exchange: Exchange, _ request: Control.Apply) throws(ControlError) {
        try refuseAtEnd()
        withConfiguration(exchange) { [unowned self] new throws(ControlError) in
            try apply(new, exchange, request)
        }
    }

    private func withConfiguration(
        _ exchange: Exchange,
        _ body: @escaping (Configuration) throws(ControlError) -> Void
    ) {
        registry.load { result in
            do throws(ControlError) {
                switch result {
                case .success(let configuration): try body(configuration)
                case .failure(let errors):
                    throw .invalidConfiguration(problems: errors.errors.map(\.description))
                }
            } catch {
                exchange.fail(error)
            }
        }
    }

    private func apply(
        _ new: Configuration,
        _ exchange: Exchange,
        _ request: Control.Apply
    ) throws(ControlError) {
        // It may have begun while the files were read.
        try refuseAtEnd()
        if let hash = request.ifPlan {
            let present = registry.proposal(for: new).plan.hash
            guard hash == present else { throw .planChanged(hash: present) }
        }
        let names = try request.names.map { (names) throws(ControlError) in
            try programs(matching: names, new)
        }
        let proposal = registry.proposal(for: new, only: names)
        let before = conductor.supervisor.instances
        note("plan \(proposal.plan.hash)", for: exchange)
        registry.apply(proposal, by: exchange.peer.requester)

        let plan = Control.Plan(proposal.plan)
        let concerned = plan.programs.filter { $0.kind != .changed || $0.class >= .live }
        let old = concerned.flatMap { program in
            before.values.filter { $0.id.program == program.program }.map(\.id)
        }
        let now = concerned.flatMap { program in
            conductor.supervisor.roster.filter { $0.program == program.program }
        }
        let targets = Set(old + now).compactMap { id in target(id, before[id], proposal.plan) }
            .sorted { $0.name < $1.name }
        guard request.wait ?? true else {
            let outcomes = targets.compactMap { instance($0.id) }.map(Outcome.init)
            return exchange.finish(Control.Apply.Answer(plan: plan, outcomes: outcomes))
        }
        if exchange.call.more {
            exchange.next(Control.Apply.Answer(plan: plan, outcomes: []))
        }
        watch(
            targets,
            exchange,
            timeout: request.timeoutMilliseconds,
            answer: .application(exchange.call.more ? nil : plan)
        )
    }

    /// What to wait for; `nil` for an instance that stays as it is.
    private func target(
        _ id: InstanceID,
        _ old: Instance?,
        _ plan: Supervision.Plan
    ) -> OrderWatch.Target? {
        let instance = instance(id)
        let isWanted = plan.new.programs.contains {
            $0.name == id.program && id.number < $0.instances
        }
        guard isWanted else {
            return old.map { OrderWatch.Target(id: id, name: $0.name, aim: .down) }
        }
        guard let instance else { return nil }
        // It has been told to do something, or to make room for what comes in its place; or it
        // could not be told.
        let isTouched =
            old.map { past in
                past.machine.state != instance.machine.state || instance.isRetiring
                    || instance.limitsRefusal != nil
            } ?? true
        guard isTouched,
            instance.isRetiring ? old?.machine.goal == .up : instance.machine.goal == .up
        else { return nil }
        return OrderWatch.Target(id: id, name: instance.name, aim: .changed)
    }

    /// Patterns over the programs of both configurations.
    private func programs(
        matching patterns: [String],
        _ new: Configuration
    ) throws(ControlError) -> Set<String> {
        let selections = [Selection(registry.intent.configuration), Selection(new)]
        var names: Set<String> = []
        for pattern in patterns {
            let found = selections.flatMap { (try? $0.instances(matching: [pattern])) ?? [] }
            guard !found.isEmpty || pattern == "all" else { throw .noSuchProgram(name: pattern) }
            names.formUnion(found.map(\.program))
        }
        return names
    }

    // MARK: - Beside the files

    func scale(_ exchange: Exchange, _ request: Control.Scale) throws(ControlError) {
        try refuseAtEnd()
        for (name, count) in request.instances {
            guard exchange.rights.permit(.admin, of: name) else { throw exchange.refusal }
            guard conductor.supervisor.program(name) != nil else {
                throw .noSuchProgram(name: name)
            }
            guard (1...ProgramConfiguration.instancesMax).contains(Int(clamping: count)) else {
                throw .invalidParameter(parameter: "instances")
            }
        }
        let before = conductor.supervisor.roster.compactMap(instance)
            .filter { request.instances[$0.id.program] != nil }
        let shares = request.instances.sorted { $0.key < $1.key }
        let list = shares.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        note("scaling to \(list)", for: exchange)
        for (name, count) in shares {
            registry.scale(name, to: Int(count), by: exchange.peer.requester)
        }
        rosterChanged()
        let known = Set(before.map(\.id))
        let gone = before.filter { instance($0.id)?.isRetiring ?? true }
            .map { OrderWatch.Target(id: $0.id, name: $0.name, aim: .down) }
        let new = conductor.supervisor.roster.compactMap(instance).filter {
            !known.contains($0.id) && request.instances[$0.id.program] != nil
                && $0.machine.goal == .up
        }.map { OrderWatch.Target(id: $0.id, name: $0.name, aim: .up) }
        finish(exchange, gone + new, wait: request.wait, timeout: request.timeoutMilliseconds)
    }

    func enable(_ exchange: Exchange, _ request: Control.Enable) throws(ControlError) {
        try enable(exchange, request.names, true)
    }

    func disable(_ exchange: Exchange, _ request: Control.Disable) throws(ControlError) {
        try enable(exchange, request.names, false)
    }

    private func enable(
        _ exchange: Exchange,
        _ names: [String],
        _ isEnabled: Bool
    ) throws(ControlError) {
        let ids = try instances(matching: names, for: exchange)
        let found = Set(ids.map(\.program)).sorted()
        // A part of one would have the whole start or not.
        let whole = conductor.supervisor.roster.filter { found.contains($0.program) }
        guard whole.count == ids.count else { throw .invalidParameter(parameter: "names") }
        note(isEnabled ? "enabling" : "disabling", of: ids, for: exchange)
        registry.enable(found, isEnabled) { [registry] error in
            guard let error else { return exchange.finish(Names(names: found)) }
            exchange.fail(
                .notSaved(reason: "cannot write \(registry.statePath): \(error.reason)")
            )
        }
    }
}
