public import SystemTypes

/// When something is done again and again, as crontab(5) writes it: `30 4 * * mon-fri`.
///
/// If both the day and the weekday are restricted, either is enough. When clocks are changed, what
/// stands at a certain hour is done once: at the first of two such times, or when the gap ends in
/// which it would have been. What is done in every hour follows the clock as it goes.
public struct CronExpression: Equatable, Sendable {
    /// As it was written.
    public let text: String
    private let minutes: [Int]
    private let hours: [Int]
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    /// Whether the day, or the weekday, is left open by a `*`, and so by a step of all as well.
    private let eitherIsOpen: Bool

    private static let shorthands = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
        "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
    ]

    public init(_ text: String) throws(CronProblem) {
        self.text = text
        var written = text
        if text.hasPrefix("@") {
            guard text != "@reboot" else { throw .reboot }
            guard let meaning = CronExpression.shorthands[text] else {
                throw .noSuchShorthand(text)
            }
            written = meaning
        }
        let fields = written.split { $0 == " " || $0 == "\t" }
        guard fields.count == CronField.allCases.count else { throw .fields(fields.count) }
        minutes = try CronField.minute.parse(fields[0]).sorted()
        hours = try CronField.hour.parse(fields[1]).sorted()
        days = try CronField.day.parse(fields[2])
        months = try CronField.month.parse(fields[3])
        weekdays = try CronField.weekday.parse(fields[4])
        eitherIsOpen = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
        let firstDay = days.min() ?? 1
        guard !eitherIsOpen || months.contains(where: { firstDay <= CronExpression.length(of: $0) })
        else { throw .never }
    }

    private static func length(of month: Int) -> Int {
        switch month {
        case 2: 29
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private var isHourly: Bool { hours.count == 24 }

    /// The first time after `time`, and `nil` only if there is none in the next forty years.
    public func next(after time: WallTime, in zone: TimeZoneRules) -> WallTime? {
        var from = time.wholeSeconds + 1
        while true {
            let period = zone.period(at: from)
            var start = from + period.offset
            if !isHourly, period.start > .min {
                let before = zone.period(at: period.start - 1)
                // What the clock showed before it was set back has been done.
                start = max(start, before.localEnd)
                if before.localEnd < period.localStart, from == period.start,
                    let missed = match(from: before.localEnd), missed < period.localStart
                {
                    return WallTime(wholeSeconds: period.start)
                }
            }
            guard let local = match(from: start) else { return nil }
            if local < period.localEnd { return WallTime(wholeSeconds: local - period.offset) }
            from = period.end
        }
    }

    /// The first match at `seconds` or later, on a clock that nobody changes.
    private func match(from seconds: Int64) -> Int64? {
        var time = LocalTime(secondsSinceEpoch: seconds + 59)
        let lastDay = time.day + 40 * 366  // The 29th of February is each weekday once in so long.
        while time.day <= lastDay {
            if matches(day: time.day), let minute = minuteOfDay(from: time.minuteOfDay) {
                time.minuteOfDay = minute
                return time.secondsSinceEpoch
            }
            time = LocalTime(day: time.day + 1, minuteOfDay: 0)
        }
        return nil
    }

    private func matches(day: Int64) -> Bool {
        let date = LocalTime.date(ofDay: day)
        guard months.contains(date.month) else { return false }
        let isDay = days.contains(date.day)
        let isWeekday = weekdays.contains(LocalTime.weekday(ofDay: day))
        return eitherIsOpen ? isDay && isWeekday : isDay || isWeekday
    }

    private func minuteOfDay(from earliest: Int) -> Int? {
        for hour in hours where hour >= earliest / 60 {
            let first = hour == earliest / 60 ? earliest % 60 : 0
            if let minute = minutes.first(where: { $0 >= first }) { return hour * 60 + minute }
        }
        return nil
    }
}
