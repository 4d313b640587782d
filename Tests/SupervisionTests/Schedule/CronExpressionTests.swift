import Supervision
import SystemTypes
import Testing

@Suite struct CronExpressionTests {
    /// The next times after `start`, each as it is written.
    private func expect(
        _ text: String,
        in zone: TimeZoneRules = .utc,
        after start: String,
        is times: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let expression = try CronExpression(text)
        var time = try Calendar.utc(start)
        for expected in times {
            let next = try #require(expression.next(after: time, in: zone))
            #expect(next == (try Calendar.utc(expected)), sourceLocation: sourceLocation)
            time = next
        }
    }

    @Test func `every minute is every minute, and never the one that is now`() throws {
        try expect(
            "* * * * *",
            after: "2026-12-31 23:58",
            is: "2026-12-31 23:59",
            "2027-01-01 00:00"
        )
        try expect("* * * * *", after: "2026-12-31 23:58:01", is: "2026-12-31 23:59")
    }

    @Test func `lists, ranges and steps mean what crontab says`() throws {
        try expect(
            "5,10-12,*/20 0 * * *",
            after: "2026-01-01",
            is: "2026-01-01 00:05",
            "2026-01-01 00:10",
            "2026-01-01 00:11",
            "2026-01-01 00:12",
            "2026-01-01 00:20",
            "2026-01-01 00:40",
            "2026-01-02 00:00"
        )
        try expect(
            "0 9-17/4 * * *",
            after: "2026-01-01",
            is: "2026-01-01 09:00",
            "2026-01-01 13:00",
            "2026-01-01 17:00",
            "2026-01-02 09:00"
        )
    }

    @Test func `months and weekdays have names`() throws {
        try expect(
            "0 0 * JAN mon",
            after: "2026-01-12",
            is: "2026-01-19",
            "2026-01-26",
            "2027-01-04"
        )
        try expect("0 0 * * fri-sun", after: "2026-11-27", is: "2026-11-28", "2026-11-29")
    }

    @Test(arguments: ["0", "7", "sun", "7-7"])
    func `sunday is the first day of the week and the last`(weekday: String) throws {
        try expect(
            "0 0 * * \(weekday)",
            after: "2026-11-24",
            is: "2026-11-29",
            "2026-12-06"
        )
    }

    @Test func `a day or a weekday is enough if both are restricted`() throws {
        try expect(
            "0 0 13 * fri",
            after: "2026-11-01",
            is: "2026-11-06",
            "2026-11-13",
            "2026-11-20",
            "2026-11-27",
            "2026-12-04",
            "2026-12-11",
            "2026-12-13"
        )
    }

    @Test func `a step of all leaves the day open, so that the weekday decides as well`() throws {
        try expect("0 0 */2 * mon", after: "2026-11-01", is: "2026-11-09", "2026-11-23")
    }

    @Test func `the 29th of February comes when there is one`() throws {
        try expect("0 0 29 2 *", after: "2024-02-29", is: "2028-02-29", "2032-02-29")
        try expect("0 0 29 2 *", after: "2096-02-29", is: "2104-02-29")
        try expect("0 0 31 * *", after: "2026-03-31", is: "2026-05-31", "2026-07-31", "2026-08-31")
    }

    @Test(arguments: [
        ("@hourly", "2026-11-24 13:00"), ("@daily", "2026-11-25"), ("@midnight", "2026-11-25"),
        ("@weekly", "2026-11-29"), ("@monthly", "2026-12-01"), ("@yearly", "2027-01-01"),
        ("@annually", "2027-01-01"),
    ])
    func `a shorthand stands for the beginning of its time`(text: String, next: String) throws {
        try expect(text, after: "2026-11-24 12:34", is: next)
    }

    @Test(
        arguments: [
            ("", .fields(0)), ("* * * *", .fields(4)), ("* * * * * *", .fields(6)),
            ("@reboot", .reboot), ("@often", .noSuchShorthand("@often")),
            ("60 * * * *", .outOfRange(.minute, "60")), ("* 24 * * *", .outOfRange(.hour, "24")),
            ("* * 0 * *", .outOfRange(.day, "0")), ("* * * 13 *", .outOfRange(.month, "13")),
            ("* * * * 8", .outOfRange(.weekday, "8")), ("x * * * *", .notANumber(.minute, "x")),
            ("1, * * * *", .notANumber(.minute, "")), ("- * * * *", .notANumber(.minute, "")),
            ("-1 * * * *", .notANumber(.minute, "")), ("jan * * * *", .notANumber(.minute, "jan")),
            ("٣ * * * *", .notANumber(.minute, "٣")),
            ("30-10 * * * *", .backwards(.minute, "30-10")),
            ("*/0 * * * *", .badStep(.minute, "*/0")), ("*/x * * * *", .badStep(.minute, "*/x")),
            ("5/10 * * * *", .badStep(.minute, "5/10")), ("0 0 30 2 *", .never),
            ("0 0 31 4,6,9,11 *", .never),
            ("99999999999999999999 * * * *", .outOfRange(.minute, "99999999999999999999")),
        ] as [(String, CronProblem)]
    )
    func `what is no schedule is told`(text: String, problem: CronProblem) {
        #expect(throws: problem) { try CronExpression(text) }
    }

    @Test func `a day that never comes is no problem if a weekday is enough`() throws {
        try expect("0 0 30 2 mon", after: "2026-02-01", is: "2026-02-02", "2026-02-09")
    }

    @Test(arguments: [
        (
            CronProblem.outOfRange(.hour, "24"), "the hour 24 is not between 0 and 23"
        ),
        (
            .fields(2),
            "a schedule has five fields (minute, hour, day, month, weekday), and this has 2"
        ),
        (.backwards(.weekday, "5-1"), "the range of the weekday, 5-1, runs backwards"),
    ])
    func `a problem reads as a sentence`(problem: CronProblem, text: String) {
        #expect(problem.description == text)
    }
}
