import Glibc
import Supervision
import SystemTypes
import Testing

@Suite struct TimeZoneRulesTests {
    /// What the machine knows of a region; `nil` where it knows nothing.
    private func installed(_ name: String) -> [UInt8]? {
        guard let file = fopen("/usr/share/zoneinfo/\(name)", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 100_000)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29 00:59:59", 3_600),
        ("Europe/Berlin", "2026-03-29 01:00", 7_200),
        ("Europe/Berlin", "2026-10-25 00:59:59", 7_200),
        ("Europe/Berlin", "2026-10-25 01:00", 3_600),
        ("Europe/Berlin", "1945-06-01", 10_800), ("Europe/Berlin", "1880-01-01", 3_208),
        ("Europe/Berlin", "2026-01-01", 3_600), ("Europe/Berlin", "2150-07-01", 7_200),
        ("America/New_York", "2026-03-08 06:59:59", -18_000),
        ("America/New_York", "2026-03-08 07:00", -14_400),
        ("America/New_York", "2026-11-01 05:59:59", -14_400),
        ("America/New_York", "2026-11-01 06:00", -18_000),
        ("America/New_York", "2026-12-31 23:59:59", -18_000),
        ("Australia/Lord_Howe", "2026-01-01", 39_600),
        ("Australia/Lord_Howe", "2026-07-01", 37_800),
        ("Asia/Kathmandu", "2026-01-01", 20_700), ("Etc/UTC", "2026-01-01", 0),
        ("Africa/Casablanca", "2026-07-01", 3_600),
    ])
    func `a region of the machine has the clocks that it is known for`(
        name: String,
        time: String,
        offset: Int
    ) throws {
        guard let bytes = installed(name) else { return }
        let zone = try TimeZoneRules(parsing: bytes)
        #expect(zone.offset(at: try Calendar.utc(time)) == offset)
    }

    @Test func `before the first change the first kind of time holds`() throws {
        let file = ZoneFile(transitions: [(0, 1)], types: [-600, 600])
        let zone = try TimeZoneRules(parsing: file.bytes)
        #expect(zone.offset(at: try Calendar.utc("1969-12-31 23:59:59")) == -600)
        #expect(zone.offset(at: try Calendar.utc("1970-01-01")) == 600)
        #expect(zone.offset(at: try Calendar.utc("2200-01-01")) == 600)
    }

    @Test func `a file of the first version has shorter numbers and no rule`() throws {
        let file = ZoneFile(version: 0, transitions: [(-1, 1)], types: [0, 3_600])
        let zone = try TimeZoneRules(parsing: file.bytes)
        #expect(zone.offset(at: try Calendar.utc("1969-12-31 23:59:58")) == 0)
        #expect(zone.offset(at: try Calendar.utc("1969-12-31 23:59:59")) == 3_600)
    }

    @Test(arguments: [
        ("UTC0", 0), ("<+0530>-5:30", 19_800), ("ABC12:34:56", -45_296),
        ("XXX0YYY-2,0/0,J365/25", 7_200),
    ])
    func `a rule says how far ahead of UTC the clocks are`(rule: String, offset: Int) throws {
        let zone = try Calendar.zone(rule)
        #expect(zone.offset(at: try Calendar.utc("2026-06-01")) == offset)
    }

    @Test(arguments: [
        ("XXX0YYY,J60,J61", "2024-03-01 02:00"), ("XXX0YYY,J60,J61", "2025-03-01 02:00"),
        ("XXX0YYY,59,61", "2024-02-29 02:00"), ("XXX0YYY,59,61", "2025-03-01 02:00"),
        ("XXX0YYY,M2.5.4/-24,M3.1.1", "2024-02-28 00:00"),
        ("XXX0YYY,M12.5.4,M12.5.5", "2026-12-31 02:00"),
    ])
    func `a day of change is counted as its form says`(rule: String, begin: String) throws {
        let zone = try Calendar.zone(rule)
        let moment = try Calendar.utc(begin)
        #expect(zone.offset(at: moment) == 3_600)
        #expect(zone.offset(at: .init(nanoseconds: moment.nanoseconds - 1)) == 0)
    }

    @Test(arguments: [
        "X0", "UTC", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,J0,J1", "CET-1CEST,M3.5.0,M10.5.0/168", "UTC0 ",
        "<UTC0", "CET-1:60",
    ])
    func `a rule that makes no sense is told`(rule: String) {
        #expect(throws: TimeZoneProblem.badRule(rule)) { try Calendar.zone(rule) }
    }

    @Test func `a file that ends too early is told, wherever it ends`() throws {
        let file = ZoneFile(transitions: [(0, 1)], types: [0, 60], footer: Calendar.berlin)
        for length in 4..<file.bytes.count {
            #expect(throws: TimeZoneProblem.truncated) {
                try TimeZoneRules(parsing: Array(file.bytes[..<length]))
            }
        }
    }

    @Test(arguments: [
        Array("#!/bin/sh\nexit 0\n".utf8), ZoneFile(types: []).bytes,
        ZoneFile(transitions: [(0, 1)]).bytes, ZoneFile(transitions: [(5, 0), (4, 0)]).bytes,
    ])
    func `a file that is something else is told`(bytes: [UInt8]) {
        #expect(throws: TimeZoneProblem.noTimeZone) { try TimeZoneRules(parsing: bytes) }
    }
}
