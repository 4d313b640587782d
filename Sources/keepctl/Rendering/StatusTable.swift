import ControlProtocol

/// Programs, one a line, in columns that line up.
struct StatusTable {
    private static let gap = 4
    private static let widthOfState = 10

    let explanation: Explanation
    let paint: Paint

    func lines(of programs: [Program]) -> [String] {
        let width = programs.map(\.name.count).max() ?? 0
        return programs.sorted(by: StatusTable.isBefore).map { program in
            let name = program.name.printable
            let word = paint.word(for: program.state)
            let text = explanation.text(of: program)
            if text.isEmpty { return name.padded(to: width + StatusTable.gap) + word }
            // Colours have no width.
            let blanks = StatusTable.widthOfState - program.state.rawValue.count
            return name.padded(to: width + StatusTable.gap) + word
                + String(repeating: " ", count: blanks) + text
        }
    }

    /// `web:10` comes after `web:9`.
    private static func isBefore(_ left: Program, _ right: Program) -> Bool {
        (left.program, left.instance) < (right.program, right.instance)
    }
}
