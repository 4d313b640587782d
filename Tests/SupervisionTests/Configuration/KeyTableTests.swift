import Testing

@testable import Supervision

/// What docs/configuration.md says of the keys is so.
@Suite struct KeyTableTests {
    @Test func `there are tables`() {
        #expect(KeyTable.rows.contains { $0.section == "daemon" && $0.key == "socket.path" })
        #expect(KeyTable.rows.contains { $0.section == "programs" && $0.key == "limits.cpu" })
    }

    @Test(arguments: KeyTable.rows.filter { $0.example != nil })
    func `each example loads, and is a change of that class`(row: KeyTable.Row) throws {
        let example = try #require(row.example)
        let disk = Disk(row.configuration(value: example))
        #expect(disk.errors() == [])
        guard let change = row.change else { return }
        let plan = Plan(
            from: try Disk(row.configuration(value: other(than: row))).load(),
            to: try disk.load()
        )
        let changes = row.section == "daemon" ? plan.daemon : plan.programs.flatMap(\.keys)
        let classes = changes.filter { $0.key == row.key || $0.key.hasPrefix("\(row.key).") }
            .map(\.class)
        #expect(classes.contains(change))
        #expect(classes.allSatisfy { $0 == change })
    }

    /// A value that is not the example.
    private func other(than row: KeyTable.Row) -> String {
        let isWay = KeyTable.ways.contains { row.key == "ready.\($0)" || row.key == "health.\($0)" }
        return switch row.key {
        case "command": #""other""#
        case "schedule", "schedule.cron": #""@yearly""#
        // One way there must be.
        case "ready.tcp", "health.tcp": #"null, "unix": "/a""#
        default: isWay ? #"null, "tcp": "a:1""# : "null"
        }
    }

    @Test func `every key has its class in the tables, and the same as in the plan`() {
        let program = ProgramConfiguration(name: "a", command: ["x"])
        for (section, settings) in [
            ("daemon", DaemonConfiguration().settings), ("programs", program.settings),
        ] {
            let rows = KeyTable.rows.filter { $0.section == section }
            let classes = Dictionary(rows.map { ($0.key, $0.change) }) { first, _ in first }
            for setting in settings {
                #expect(classes[setting.key] == setting.class, "\(section).\(setting.key)")
            }
        }
    }
}
