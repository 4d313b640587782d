import OrderedCollections
import Supervision
import SystemTypes

/// What the observer makes of several programs together.
extension World {
    func needs(of program: String) -> [Dependency] { needsByProgram[program] ?? [] }

    func ids(of program: String) -> [InstanceID] { idsByProgram[program] ?? [] }

    /// Whether all that an instance needs is there, and stays.
    func isFree(_ id: InstanceID) -> Bool {
        needs(of: id.program).allSatisfy { need in
            ids(of: need.program).allSatisfy { ledgers[$0]?.meets(need.condition) ?? false }
        } && departingNeed(of: id.program) == nil
    }

    /// A program that is about to go, or is going, and takes this one with it.
    func departingNeed(of program: String) -> String? {
        needs(of: program).first { $0.condition != .completed && isDeparting($0.program) }?.program
    }

    private func isDeparting(_ program: String) -> Bool {
        ids(of: program).contains { id in
            guard let ledger = ledgers[id], ledger.isPresent else { return false }
            return !ledger.isWanted || departingNeed(of: program) != nil
        }
    }

    /// Something is there that has to make way first.
    func isNeeded(_ program: String) -> Bool {
        (dependentsByProgram[program] ?? []).contains { dependent in
            ids(of: dependent).contains { ledgers[$0]?.isPresent ?? false }
        }
    }

    private func failedNeeds(of program: String) -> [String] {
        needs(of: program).filter { need in
            ids(of: need.program).contains { id in
                guard let ledger = ledgers[id] else { return false }
                return ledger.hasFailedForGood && !ledger.meets(need.condition)
            }
        }.map(\.program)
    }

    /// Lets those wait that are in a pause, and what they need is about to go.
    func concludeFromDepartures() {
        for (id, ledger) in ledgers where !ledger.isPresent {
            if case .spawn = ledger.outlook, departingNeed(of: id.program) != nil {
                ledgers[id]?.makeWay()
            }
        }
    }

    /// Draws the conclusions from what has become of others, until there are none left to draw.
    func concludeFromOthers() {
        concludeFromDepartures()
        // Where several have failed, supervision may name any of them that had failed by then.
        while concludeFailure(asNamed: true) || concludeFailure(asNamed: false) {}
    }

    private func concludeFailure(asNamed: Bool) -> Bool {
        for (id, ledger) in ledgers where !ledger.isPresent && ledger.outlook == .wait {
            let failed = failedNeeds(of: id.program)
            let cause = conductor.supervisor.instances[id]?.lastEnd?.cause
            let named = failed.first { .dependency($0) == cause }
            guard let program = asNamed ? named : failed.first else { continue }
            ledgers[id]?.needFailed(program)
            return true
        }
        return false
    }

    /// Takes note of an order to start, which is one for all that is needed and not there.
    func noteStart(_ id: InstanceID) {
        var seen: Set<Dependency> = []
        let going = Set(idsByProgram.keys.filter { departingNeed(of: $0) != nil })
        startNeeds(of: id.program, going: going, &seen)
        ledgers[id]?.start()
    }

    private func startNeeds(of program: String, going: Set<String>, _ seen: inout Set<Dependency>) {
        for need in needs(of: program) where seen.insert(need).inserted {
            let wanting = ids(of: need.program).filter { id in
                guard let ledger = ledgers[id] else { return false }
                if ledger.isPresent { return !ledger.isWanted || going.contains(need.program) }
                switch ledger.outlook {
                case .rest: return !ledger.meets(need.condition)
                case .wait: return true
                case .spawn: return false
                }
            }
            guard !wanting.isEmpty else { continue }
            startNeeds(of: need.program, going: going, &seen)
            for id in wanting where ledgers[id]?.outlook != .wait || ledgers[id]?.isPresent == true
            {
                ledgers[id]?.start()
            }
        }
    }

    // MARK: - The pace

    func tokens(at instant: Instant) -> Double {
        let starts = configuration.daemon.starts
        let grown = (instant - tokensAt).inSeconds * Double(starts.perSecond)
        return min(Double(starts.burst), tokens + grown)
    }

    func takeToken(for run: Incarnation) {
        let left = tokens(at: now) - 1
        promise(left > -0.000_1, "\(run) is started out of turn")
        (tokens, tokensAt) = (left, now)
    }
}
