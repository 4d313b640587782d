internal import ControlProtocol
internal import Supervision

/// A plan in the words of the interface.
extension Control.Plan {
    /// - Parameter unchanged: Whether to tell also of programs that stay as they are.
    init(_ plan: Supervision.Plan, unchanged: Bool = false) {
        let changes = Dictionary(plan.programs.map { ($0.program, $0) }) { first, _ in first }
        let new = plan.new.programs.compactMap { program -> Program? in
            let change = changes[program.name]
            guard change != nil || unchanged else { return nil }
            return Program(program, change)
        }
        let kept = Set(plan.new.programs.map(\.name))
        let gone = plan.old.programs.filter { !kept.contains($0.name) }.map { program in
            Program(program, changes[program.name])
        }
        self.init(
            hash: plan.hash,
            daemon: plan.daemon.map(Key.init) + plan.groups.map { Key($0, under: "groups") },
            programs: new + gone
        )
    }
}

extension Control.Plan.Key {
    fileprivate init(_ change: KeyChange) {
        self.init(
            key: change.key,
            old: change.old,
            new: change.new,
            class: Control.ChangeClass(change.class)
        )
    }

    fileprivate init(_ change: KeyChange, under parent: String) {
        self.init(change)
        key = "\(parent).\(key)"
    }
}

extension Control.Plan.Program {
    fileprivate init(_ program: ProgramConfiguration, _ change: ProgramChange?) {
        let kind: Kind =
            switch change?.kind {
            case .added: .added
            case .removed: .removed
            case .changed: .changed
            case nil: .unchanged
            }
        self.init(
            program: program.name,
            kind: kind,
            class: change.map { Control.ChangeClass($0.effect) } ?? .none,
            autostart: program.autostart,
            keys: kind == .changed ? change?.keys.map(Control.Plan.Key.init) ?? [] : []
        )
    }
}

extension ProgramChange {
    fileprivate var effect: Supervision.ChangeClass {
        switch kind {
        case .changed: `class`
        case .removed: .replace
        case .added: .none
        }
    }
}

extension Control.ChangeClass {
    fileprivate init(_ kind: Supervision.ChangeClass) {
        self =
            switch kind {
            case .none: .none
            case .live: .live
            case .restart: .restart
            case .replace: .replace
            }
    }
}
