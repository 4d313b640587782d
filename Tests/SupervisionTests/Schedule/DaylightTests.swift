import Supervision
import SystemTypes
import Testing

/// What becomes of schedules when clocks are changed.
@Suite struct DaylightTests {
    private func expect(
        _ text: String,
        in rule: String,
        after start: String,
        is times: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let expression = try CronExpression(text)
        let zone = try Calendar.zone(rule)
        var time = try Calendar.utc(start)
        for expected in times {
            let next = try #require(expression.next(after: time, in: zone))
            #expect(next == (try Calendar.utc(expected)), sourceLocation: sourceLocation)
            time = next
        }
    }

    @Test func `a schedule goes by the clocks of its region, summer and winter`() throws {
        try expect(
            "0 12 28 * *",
            in: Calendar.berlin,
            after: "2026-02-28 11:00",
            is: "2026-03-28 11:00",
            "2026-04-28 10:00"
        )
        try expect(
            "0 12 1 1,7 *",
            in: Calendar.newYork,
            after: "2026-01-01",
            is: "2026-01-01 17:00",
            "2026-07-01 16:00"
        )
    }

    @Test func `a time that does not exist comes when the gap ends, and once`() throws {
        try expect(
            "0,30 2 * * *",
            in: Calendar.berlin,
            after: "2026-03-28 01:30",
            is: "2026-03-29 01:00",
            "2026-03-30 00:00",
            "2026-03-30 00:30"
        )
        try expect(
            "30 2 * * *",
            in: Calendar.newYork,
            after: "2026-03-07 07:30",
            is: "2026-03-08 07:00",
            "2026-03-09 06:30"
        )
    }

    @Test func `what would be in the gap and what is at its end are one`() throws {
        try expect(
            "0 2,3 * * *",
            in: Calendar.berlin,
            after: "2026-03-29 00:00",
            is: "2026-03-29 01:00",
            "2026-03-30 00:00",
            "2026-03-30 01:00"
        )
    }

    @Test func `a time that comes twice is the first of the two`() throws {
        try expect(
            "30 2 * * *",
            in: Calendar.berlin,
            after: "2026-10-24 00:30",
            is: "2026-10-25 00:30",
            "2026-10-26 01:30"
        )
        try expect(
            "30 1 * * *",
            in: Calendar.newYork,
            after: "2026-10-31 05:30",
            is: "2026-11-01 05:30",
            "2026-11-02 06:30"
        )
    }

    @Test func `one who asks between the two times is told of the next day`() throws {
        try expect(
            "30 2 * * *",
            in: Calendar.berlin,
            after: "2026-10-25 01:10",
            is: "2026-10-26 01:30"
        )
        try expect(
            "0 3 * * *",
            in: Calendar.berlin,
            after: "2026-10-25 01:10",
            is: "2026-10-25 02:00"
        )
    }

    @Test func `what is done in every hour is done in both of the two, and not in the gap`() throws
    {
        try expect(
            "30 * * * *",
            in: Calendar.berlin,
            after: "2026-10-24 23:30",
            is: "2026-10-25 00:30",
            "2026-10-25 01:30",
            "2026-10-25 02:30"
        )
        try expect(
            "30 * * * *",
            in: Calendar.berlin,
            after: "2026-03-28 23:30",
            is: "2026-03-29 00:30",
            "2026-03-29 01:30"
        )
    }

    @Test func `half an hour is a gap as well`() throws {
        let lordHowe = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"
        try expect(
            "15 2 * * *",
            in: lordHowe,
            after: "2026-10-03 00:00",
            is: "2026-10-03 15:30",
            "2026-10-04 15:15"
        )
    }

    @Test(
        arguments: [Calendar.berlin, Calendar.newYork, "UTC0"],
        ["30 2 * * *", "0 0 * * *", "59 23 * * *", "30 1 * * *"]
    )
    func `what is done once a day is done once on every day`(rule: String, text: String) throws {
        let zone = try Calendar.zone(rule)
        let expression = try CronExpression(text)
        let start = try Calendar.utc("2026-01-01")
        var time = try #require(expression.next(after: start, in: zone))
        let day: Int64 = 86_400
        for _ in 0..<730 {
            let next = try #require(expression.next(after: time, in: zone))
            func localDay(_ time: WallTime) -> Int64 {
                (time.nanoseconds / 1_000_000_000 + Int64(zone.offset(at: time))) / day
            }
            #expect(localDay(next) == localDay(time) + 1)
            time = next
        }
    }
}
