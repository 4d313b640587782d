import ControlProtocol

/// What a changed configuration would do, for people.
enum PlanText {
    static func lines(of plan: Control.Plan) -> [String] {
        let programs = plan.programs.filter { $0.kind != .unchanged }
        guard !plan.daemon.isEmpty || !programs.isEmpty else { return ["no changes"] }
        var lines: [String] = []
        if !plan.daemon.isEmpty { lines += ["keepd: changed"] + keys(plan.daemon, of: .daemon) }
        for program in programs {
            lines += [heading(of: program)] + keys(program.keys, of: .program)
        }
        return lines + ["plan \(plan.hash.printable)"]
    }

    /// A line for each program, without its keys.
    static func headings(of plan: Control.Plan) -> [String] {
        (plan.daemon.isEmpty ? [] : ["keepd: changed"])
            + plan.programs.filter { $0.kind != .unchanged }.map { heading(of: $0) }
    }

    private static func heading(of program: Control.Plan.Program) -> String {
        "\(program.program.printable): \(effect(on: program))"
    }

    private static func effect(on program: Control.Plan.Program) -> String {
        switch (program.kind, program.class) {
        case (.added, _): program.autostart ? "added, and started" : "added"
        case (.removed, _): "stopped and removed"
        case (_, .none), (_, .live): "changed, and goes on running"
        case (_, .restart): "changed, and restarted"
        case (_, .replace): "changed, and replaced"
        }
    }

    private enum Owner {
        case daemon, program
    }

    private static func keys(_ keys: [Control.Plan.Key], of owner: Owner) -> [String] {
        var table = TextTable()
        for key in keys {
            let change = "\(key.old ?? "(default)") → \(key.new ?? "(default)")"
            table.add(["   ", key.key, effect(of: key.class, owner), change])
        }
        return table.lines
    }

    /// When a key comes into effect.
    private static func effect(of kind: Control.ChangeClass, _ owner: Owner) -> String {
        switch (owner, kind) {
        case (_, .none), (_, .live), (.program, .restart), (.program, .replace): kind.rawValue
        case (.daemon, .restart), (.daemon, .replace): "restart of keepd"
        }
    }
}
