/// How the clocks of a region are changed twice in every year: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: RFC 8536, 3.3.1; POSIX.1-2017, Base Definitions, 8.3, `TZ`.
struct DaylightRule: Equatable, Codable {
    /// Seconds ahead of UTC.
    let standardOffset: Int64
    let daylightOffset: Int64
    let begin: Change
    let end: Change

    /// When in a year the clocks are changed.
    struct Change: Equatable, Codable {
        enum Day: Equatable, Codable {
            /// 1...365, for the 29th of February is not counted.
            case julian(Int)
            /// 0...365, all counted.
            case ofYear(Int)
            /// The `week`th such `weekday`, the last if `week` is 5.
            case weekday(month: Int, week: Int, weekday: Int)
        }

        let day: Day
        /// Seconds after midnight, of the clock as it was before; -167...167 hours.
        let time: Int64

        /// As a clock shows it that was not changed.
        func localSeconds(year: Int) -> Int64 {
            dayNumber(in: year) * 86_400 + time
        }

        private func dayNumber(in year: Int) -> Int64 {
            let newYear = LocalTime.day(year: year, month: 1, day: 1)
            switch day {
            case .ofYear(let number):
                return newYear + Int64(number)
            case .julian(let number):
                let march = LocalTime.day(year: year, month: 3, day: 1)
                // The 60th is the 1st of March in every year.
                return number >= 60 ? march + Int64(number - 60) : newYear + Int64(number - 1)
            case .weekday(let month, let week, let weekday):
                let first = LocalTime.day(year: year, month: month, day: 1)
                let ahead = (weekday - LocalTime.weekday(ofDay: first) + 7) % 7
                let next =
                    month == 12
                    ? LocalTime.day(year: year + 1, month: 1, day: 1)
                    : LocalTime.day(year: year, month: month + 1, day: 1)
                let day = first + Int64(ahead + (week - 1) * 7)
                return day < next ? day : day - 7
            }
        }
    }

    /// In the order of time.
    func transitions(from first: Int, through last: Int) -> [TimeZoneRules.Transition] {
        (first...last).flatMap { year in
            [
                TimeZoneRules.Transition(
                    at: begin.localSeconds(year: year) - standardOffset,
                    offset: daylightOffset
                ),
                TimeZoneRules.Transition(
                    at: end.localSeconds(year: year) - daylightOffset,
                    offset: standardOffset
                ),
            ]
        }.sorted { $0.at < $1.at }
    }
}
