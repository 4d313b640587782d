import ControlProtocol
import LinuxSystem

/// The text of `keepctl top`, as many lines as the terminal has, and none longer than it is wide.
struct TopScreen {
    /// Above and below the rows of the table.
    static let linesAround = 5
    private static let widthOfName = 8...32
    private static let widthOfState = 9
    private static let help =
        "q quit  s start  x stop  r restart  / filter  o order  up/down choose"

    let explanation: Explanation
    let paint: Paint
    let size: WindowSize

    /// How many rows there is room for.
    var page: Int { max(1, Int(size.rows) - TopScreen.linesAround) }

    private var width: Int { Int(size.columns) }

    /// - Parameter top: The first row that is to be seen, which follows the one that is chosen.
    func lines(of table: TopTable, from top: inout Int) -> [String] {
        let chosen = table.chosenIndex ?? 0
        top = max(0, min(top, table.rows.count - page))
        if chosen < top { top = chosen }
        if chosen >= top + page { top = chosen - page + 1 }
        let name = widthOfName(table)
        var lines = [cut(summary(of: table)), paint.reversed(cut(heading(name)).padded(to: width))]
        for row in table.rows.dropFirst(top).prefix(page) {
            lines.append(line(of: row, name, isChosen: row.program.name == table.chosen))
        }
        lines += Array(repeating: "", count: max(0, page + 2 - lines.count))
        lines += ["", cut(reason(in: table)), cut(footer(of: table))]
        return Array(lines.suffix(Int(size.rows)))
    }

    private func widthOfName(_ table: TopTable) -> Int {
        let range = TopScreen.widthOfName
        let longest = table.rows.map(\.program.name.count).max() ?? 0
        let room = width - cells("", "", "", "", "", "").count - TopScreen.widthOfState - 2
        return min(max(range.lowerBound, min(longest, room)), range.upperBound)
    }

    private func summary(of table: TopTable) -> String {
        let states = table.rows.map(\.program.state)
        let counts = State.allCases.compactMap { state -> String? in
            let count = states.count { $0 == state }
            return count > 0 ? "\(count) \(state.rawValue)" : nil
        }
        let filter = table.filter.isEmpty ? "" : "  filter: \(table.filter)"
        return "\(states.count) programs: \(counts.joined(separator: ", "))"
            + "  order: \(table.order.rawValue)\(filter)"
    }

    private func heading(_ name: Int) -> String {
        "NAME".padded(to: name + 1) + "STATE".padded(to: TopScreen.widthOfState + 1)
            + cells("PID", "UPTIME", "RESTARTS", "CPU%", "MEMORY", "LOG/S")
    }

    private func line(of row: TopSample.Row, _ name: Int, isChosen: Bool) -> String {
        let program = row.program
        let first = String(program.name.printable.prefix(name)).padded(to: name + 1)
        let word = program.state.rawValue.uppercased().padded(to: TopScreen.widthOfState + 1)
        let rest = cells(
            program.pid.map(String.init) ?? "-",
            program.uptime.map { Elapsed.short($0.rawValue) } ?? "-",
            String(program.restarts),
            row.processorShare.map { Quantity.percent($0) } ?? "-",
            program.memoryBytes.map { Quantity.bytes(Double($0)) } ?? "-",
            row.logRate.map { Quantity.bytes($0) } ?? "-"
        )
        let plain = cut(first + word + rest).padded(to: width)
        if isChosen { return paint.reversed(plain) }
        guard plain.count >= first.count + word.count else { return plain }
        return first + paint.colored(word, as: program.state)
            + plain.dropFirst(first.count + word.count)
    }

    private func cells(
        _ pid: String,
        _ uptime: String,
        _ restarts: String,
        _ cpu: String,
        _ memory: String,
        _ log: String
    ) -> String {
        let columns = [(pid, 7), (uptime, 9), (restarts, 8), (cpu, 6), (memory, 7), (log, 7)]
        return columns.map { text, width in
            String(repeating: " ", count: max(0, width - text.count)) + text
        }.joined(separator: " ")
    }

    private func reason(in table: TopTable) -> String {
        guard let index = table.chosenIndex else { return "no programs" }
        let program = table.rows[index].program
        let text = explanation.text(of: program)
        return "\(program.name.printable): \(program.state.rawValue)"
            + (text.isEmpty ? "" : ", \(text)")
    }

    private func footer(of table: TopTable) -> String {
        if table.isFiltering { return "filter: \(table.filter)_" }
        return table.message.isEmpty ? TopScreen.help : table.message.printable
    }

    private func cut(_ text: String) -> String { String(text.prefix(width)) }
}
