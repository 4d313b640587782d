extension DaylightRule {
    /// What a time zone file says of the time after its last transition.
    enum Footer: Equatable {
        /// Seconds ahead of UTC, for ever.
        case constant(Int64)
        case daylight(DaylightRule)
    }

    static func parse(_ text: String) throws(TimeZoneProblem) -> Footer {
        var parser = Parser(rest: Substring(text))
        guard let footer = parser.parseFooter(), parser.rest.isEmpty else { throw .badRule(text) }
        return footer
    }

    private struct Parser {
        var rest: Substring

        mutating func parseFooter() -> Footer? {
            guard skipName(), let standard = parseTime() else { return nil }
            // POSIX counts westwards.
            if rest.isEmpty { return .constant(-standard) }
            guard skipName() else { return nil }
            var daylight = standard - 3_600
            if rest.first != "," {
                guard let time = parseTime() else { return nil }
                daylight = time
            }
            guard let begin = parseChange(), let end = parseChange() else { return nil }
            return .daylight(
                DaylightRule(
                    standardOffset: -standard,
                    daylightOffset: -daylight,
                    begin: begin,
                    end: end
                )
            )
        }

        /// `CET`, or `<+03>`.
        private mutating func skipName() -> Bool {
            if rest.first == "<" {
                guard let end = rest.firstIndex(of: ">") else { return false }
                rest = rest[end...].dropFirst()
                return true
            }
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            return name.count >= 3
        }

        private mutating func parseChange() -> Change? {
            guard take(","), let day = parseDay() else { return nil }
            guard take("/") else { return Change(day: day, time: 7_200) }
            return parseTime().map { Change(day: day, time: $0) }
        }

        private mutating func parseDay() -> Change.Day? {
            if take("M") {
                guard let month = parseNumber(in: 1...12), take("."),
                    let week = parseNumber(in: 1...5), take("."),
                    let weekday = parseNumber(in: 0...6)
                else { return nil }
                return .weekday(month: month, week: week, weekday: weekday)
            }
            if take("J") { return parseNumber(in: 1...365).map { .julian($0) } }
            return parseNumber(in: 0...365).map { .ofYear($0) }
        }

        /// `2`, `-1`, `+02:30`, `167:59:59`, in seconds.
        private mutating func parseTime() -> Int64? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hours = parseNumber(in: 0...167) else { return nil }
            var seconds = hours * 3_600
            for unit in [60, 1] where take(":") {
                guard let number = parseNumber(in: 0...59) else { return nil }
                seconds += number * unit
            }
            return Int64(isNegative ? -seconds : seconds)
        }

        private mutating func parseNumber(in range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            guard let number = Int(digits), range.contains(number) else { return nil }
            return number
        }

        private mutating func take(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest = rest.dropFirst()
            return true
        }
    }
}
