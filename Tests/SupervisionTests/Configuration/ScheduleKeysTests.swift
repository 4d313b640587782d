import SystemTypes
import Testing

@testable import Supervision

/// `schedule`, beside `type`.
@Suite struct ScheduleKeysTests {
    private func disk(_ keys: String, type: String = "scheduled") -> Disk {
        var disk = Disk(
            "{\"programs\": {\"a\": {\"command\": \"x\", \"type\": \"\(type)\",\n\(keys)}}}"
        )
        disk.binaries = [
            "/usr/share/zoneinfo/Europe/Berlin": ZoneFile(footer: Calendar.berlin).bytes,
            "/usr/share/zoneinfo/Broken": [1, 2, 3],
            "/usr/share/zoneinfo/../../../etc/passwd": ZoneFile(footer: Calendar.berlin).bytes,
            "/etc/localtime": ZoneFile(footer: Calendar.newYork).bytes,
        ]
        return disk
    }

    @Test func `a string is the schedule by the clock of the machine`() throws {
        let program = try #require(try disk(#""schedule": "@daily""#).load().programs.first)
        let schedule = try #require(program.schedule)
        #expect(schedule.expression == (try CronExpression("@daily")))
        #expect(schedule.timeZone == nil)
        #expect(
            schedule.rules == (try TimeZoneRules(parsing: ZoneFile(footer: Calendar.newYork).bytes))
        )
        #expect(program.policy.kind == .scheduled)
        #expect(program.policy.restart.when == .never)
    }

    @Test func `an object may name another place`() throws {
        let berlin = disk(#""schedule": {"cron": "0 3 * * *", "timeZone": "Europe/${NO:-Berlin}"}"#)
        let schedule = try #require(try berlin.load().programs.first?.schedule)
        #expect(schedule.timeZone == "Europe/Berlin")
        #expect(
            schedule.rules == (try TimeZoneRules(parsing: ZoneFile(footer: Calendar.berlin).bytes))
        )
        let utc = disk(#""schedule": {"cron": "0 3 * * *", "timeZone": "UTC"}"#)
        #expect(try utc.load().programs.first?.schedule?.rules == .utc)
    }

    @Test(arguments: ["Europe/Berlin", ":Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin"])
    func `the environment may name the place of the machine`(place: String) throws {
        var disk = disk(#""schedule": "@daily""#)
        disk.environment["TZ"] = place
        let rules = try disk.load().programs.first?.schedule?.rules
        #expect(rules == (try TimeZoneRules(parsing: ZoneFile(footer: Calendar.berlin).bytes)))
    }

    @Test func `a machine that does not say where it is has UTC`() throws {
        var disk = disk(#""schedule": "@daily""#)
        disk.binaries = [:]
        #expect(try disk.load().programs.first?.schedule?.rules == .utc)
    }

    @Test func `a schedule may be a default, and a place may be one of its own`() throws {
        var disk = Disk(
            #"""
            {"defaults": {"type": "scheduled", "schedule": {"cron": "@daily", "timeZone": "UTC"}},
             "programs": {"a": {"command": "x"}, "b": {"command": "x", "schedule": "@hourly"}}}
            """#
        )
        disk.binaries = [:]
        let schedules = try disk.load().programs.map(\.schedule)
        #expect(schedules.map(\.?.expression.text) == ["@daily", "@hourly"])
        #expect(schedules.map(\.?.timeZone) == ["UTC", "UTC"])
    }

    @Test(arguments: [
        (
            #""schedule": 5"#,
            "2:13: programs.a.schedule: cannot use 5: expected a string or an object"
        ),
        (
            #""schedule": "0 3 * *""#,
            #"2:13: programs.a.schedule: cannot use "0 3 * *": a schedule has five fields (minute, hour, day, month, weekday), and this has 4"#
        ),
        (#""schedule": {}"#, #"2:13: programs.a.schedule: cannot use this object: no key "cron""#),
        (
            #""schedule": {"cron": "@reboot"}"#,
            #"2:22: programs.a.schedule.cron: cannot use "@reboot": @reboot is no time; a oneshot with autostart runs when the daemon starts"#
        ),
        (
            #""schedule": {"cron": "@daily", "timeZone": "Europe/Berlim"}"#,
            #"2:44: programs.a.schedule.timeZone: cannot use "Europe/Berlim": no such time zone (did you mean "Europe/Berlin"?)"#
        ),
        (
            #""schedule": {"cron": "@daily", "timeZone": "../../../etc/passwd"}"#,
            #"2:44: programs.a.schedule.timeZone: cannot use "../../../etc/passwd": no such time zone"#
        ),
        (
            #""schedule": {"cron": "@daily", "timeZone": "Broken"}"#,
            #"2:44: programs.a.schedule.timeZone: cannot use "Broken": the time zone file ends too early"#
        ),
        (#""schedule": null"#, #"1:20: programs.a: cannot use this object: no key "schedule""#),
    ])
    func `each value is checked`(keys: String, error: String) {
        #expect(disk(keys).errors() == ["/etc/keepd.json:\(error)"])
    }

    @Test(arguments: ["service", "oneshot"])
    func `only a scheduled program has a schedule`(type: String) {
        #expect(
            disk(#""schedule": "@daily""#, type: type).errors() == [
                #"/etc/keepd.json:2:1: programs.a.schedule: cannot use this key: it has a meaning with "type": "scheduled" only"#
            ]
        )
    }

    @Test func `an environment that names no place is an error`() {
        var disk = disk(#""schedule": "@daily""#)
        disk.environment["TZ"] = "Nowhere"
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:2:13: programs.a.schedule: cannot use "Nowhere": no such time zone"#
            ]
        )
    }
}
