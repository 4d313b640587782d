/// Rows of cells, in columns that line up.
struct TextTable {
    private static let gap = "  "

    private var rows: [[String]] = []

    /// - Parameter cells: Shown with their control characters visible.
    mutating func add(_ cells: [String]) {
        rows.append(cells.map(\.printable))
    }

    /// Without blanks at their ends.
    var lines: [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            var line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: TextTable.gap)
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
