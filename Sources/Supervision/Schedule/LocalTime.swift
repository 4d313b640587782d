/// A date and a time of day as they are read from a clock on the wall, to the minute.
///
/// Source: the arithmetic is Howard Hinnant's, "chrono-compatible low-level date algorithms".
struct LocalTime: Equatable {
    /// Since 1970-01-01.
    var day: Int64
    /// 0...1439.
    var minuteOfDay: Int

    init(day: Int64, minuteOfDay: Int) {
        self.day = day
        self.minuteOfDay = minuteOfDay
    }

    /// - Parameter seconds: As if the clock went by UTC; what is over the minute is left out.
    init(secondsSinceEpoch seconds: Int64) {
        let rest = (seconds % 86_400 + 86_400) % 86_400
        day = (seconds - rest) / 86_400
        minuteOfDay = Int(rest / 60)
    }

    var secondsSinceEpoch: Int64 { day * 86_400 + Int64(minuteOfDay) * 60 }

    /// 0 for Sunday.
    static func weekday(ofDay day: Int64) -> Int {
        Int(((day + 4) % 7 + 7) % 7)  // 1970 began with a Thursday.
    }

    /// The number of a day that the calendar has.
    static func day(year: Int, month: Int, day: Int) -> Int64 {
        // The year begins in March, so that its odd day is the last.
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    static func date(ofDay day: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        return (
            Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month,
            Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        )
    }
}
