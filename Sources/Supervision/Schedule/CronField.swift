/// One of the five parts of a cron expression.
///
/// Source: crontab(5).
public enum CronField: String, CaseIterable, Sendable, CustomStringConvertible {
    case minute, hour, day, month, weekday

    public var description: String { rawValue }

    /// Sunday is 0, and 7 as well.
    public var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .day: 1...31
        case .month: 1...12
        case .weekday: 0...7
        }
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    private func number(named name: String) -> Int? {
        switch self {
        case .minute, .hour, .day: nil
        case .month: CronField.months.firstIndex(of: name.lowercased()).map { $0 + 1 }
        case .weekday: CronField.weekdays.firstIndex(of: name.lowercased())
        }
    }

    /// The numbers that `text` means: `*`, `5`, `mon-fri`, `*/10`, `0-30/5`, and lists of these.
    func parse(_ text: Substring) throws(CronProblem) -> Set<Int> {
        var numbers: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let span = try parseSpan(pieces[0])
            guard pieces.count == 2 else {
                numbers.formUnion(span)
                continue
            }
            guard let step = Int(pieces[1]), step > 0, pieces[0] == "*" || pieces[0].contains("-")
            else { throw .badStep(self, String(part)) }
            numbers.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
        }
        guard self == .weekday, numbers.remove(7) != nil else { return numbers }
        return numbers.union([0])
    }

    private func parseSpan(_ text: Substring) throws(CronProblem) -> ClosedRange<Int> {
        if text == "*" { return self == .weekday ? 0...6 : range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try parseNumber(ends[0])
        guard ends.count == 2 else { return first...first }
        var last = try parseNumber(ends[1])
        // `fri-sun` is no less clear than `5-7`.
        if self == .weekday, last == 0, first > 0 { last = 7 }
        guard first <= last else { throw .backwards(self, String(text)) }
        return first...last
    }

    private func parseNumber(_ text: Substring) throws(CronProblem) -> Int {
        if let number = number(named: String(text)) { return number }
        guard !text.isEmpty, text.allSatisfy({ ("0"..."9").contains($0) }) else {
            throw .notANumber(self, String(text))
        }
        guard let number = Int(text), range.contains(number) else {
            throw .outOfRange(self, String(text))
        }
        return number
    }
}
