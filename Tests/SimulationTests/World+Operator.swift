import OrderedCollections
import Supervision
import SystemTypes

/// What people do: start, stop, think again, and leave.
extension World {
    private static let people = ["ann", "bob"].map {
        Requester.peer(user: $0, uid: 1_000, process: nil, command: "keepctl")
    }

    func begin() {
        for program in configuration.programs where program.autostart {
            for number in 0..<program.instances {
                noteStart(InstanceID(program: program.name, number: number))
            }
        }
        tell(.begin)
    }

    func actAsOperator() {
        idle(for: chance.pick(.zero, chance.milliseconds(0...100), .seconds(60)))
        switch chance.number(0...99) {
        case 0...1: shutDown(isKind: true)
        case 2: shutDown(isKind: false)
        case 3...12: ringTooEarly()
        case 13...22: echo()
        default:
            // Several orders in one breath, so that they contradict each other.
            let id = chance.pick(from: Array(ledgers.keys))
            for _ in 0..<chance.pick(1, 1, 2, 4) { giveOrder(to: id) }
        }
    }

    /// A second shutdown is a kill.
    func shutDown(isKind: Bool) {
        for id in ledgers.keys { ledgers[id]?.stop(by: .keepd) }
        if isKind, !isEnding {
            endOrderedAt.shutDown = now
            tell(.shutDown(by: .keepd))
        } else {
            endOrderedAt.killAll = endOrderedAt.killAll ?? now
            tell(.killAll)
        }
    }

    /// A timer that goes off before its time must not have any consequence.
    private func ringTooEarly() {
        guard deadline.map({ $0 > now }) ?? true else { return }
        let count = asked.count
        tell(.deadlineReached)
        promise(asked.count == count, "something was asked for, and nothing was due")
    }

    /// A report of an earlier run, which must not be taken for one of the present run.
    private func echo() {
        let id = chance.pick(from: Array(ledgers.keys))
        guard let serial = ledgers[id]?.serial, serial > 1 else { return }
        let earlier = Incarnation(instance: id, serial: chance.number(1...serial - 1))
        let count = asked.count
        tell(
            chance.pick(
                .exited(earlier, .exited(1), survivors: chance.number(0...1)),
                .treeGone(earlier),
                .spawned(earlier, ProcessID(rawValue: 6)),
                .spawnFailed(earlier, SpawnFailure(step: "chdir", errno: 2, message: "late"))
            )
        )
        promise(asked.count == count, "something was asked for after a report of \(earlier)")
    }

    private func giveOrder(to id: InstanceID) {
        let order: Supervisor.Order = chance.pick(
            .start,
            .stop,
            .restart,
            .signal(chance.pick(.hangUp, .user1, .kill))
        )
        let requester = chance.pick(from: Self.people)
        if !isEnding {
            switch order {
            case .start: noteStart(id)
            case .stop: ledgers[id]?.stop(by: requester)
            case .restart: noteRestart(id, by: requester)
            case .signal: break
            }
        }
        if case .signal = order { signalled = id }
        concludeFromDepartures()
        tell(.order(order, id, by: requester))
        (signalled, restarting) = (nil, nil)
        concludeFromOthers()
    }

    private func noteRestart(_ id: InstanceID, by requester: Requester) {
        guard let ledger = ledgers[id] else { return }
        // Whoever wanted it down before has stopped it.
        let stopper = ledger.isWanted ? requester : ledger.stopper ?? requester
        if case .up = ledger.run, ledger.halt == nil { restarting = (id, stopper) }
        ledgers[id]?.stop(by: requester)
        noteStart(id)
    }

    /// After the end nobody is at home.
    func knockAtTheDoor() {
        let id = chance.pick(from: Array(ledgers.keys))
        for event in [
            Supervisor.Event.begin, .order(.start, id, by: .keepd), .order(.stop, id, by: .keepd),
            .deadlineReached, .shutDown(by: .keepd), .killAll,
        ] { tell(event) }
    }
}
