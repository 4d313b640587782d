import Supervision
import SystemTypes
import Testing

/// Dates as they are written, and regions as the machine knows them.
enum Calendar {
    /// `2026-03-29 01:59:59`, or without the time or its seconds; UTC.
    static func utc(_ text: String) throws -> WallTime {
        let numbers = text.split { "-: ".contains($0) }.compactMap { Int64($0) }
        try #require((3...6).contains(numbers.count), "not a date: \(text)")
        let padded = numbers + [Int64](repeating: 0, count: 6 - numbers.count)
        let days = days(year: padded[0], month: padded[1], day: padded[2])
        let seconds = ((days * 24 + padded[3]) * 60 + padded[4]) * 60 + padded[5]
        return WallTime(nanoseconds: seconds * 1_000_000_000)
    }

    /// Counts, so that the tests do not reckon as what they test does.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        var days: Int64 = 0
        for earlier in 1970..<max(1970, year) { days += isLeap(earlier) ? 366 : 365 }
        for later in min(1970, year)..<1970 { days -= isLeap(later) ? 366 : 365 }
        let lengths: [Int64] = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return days + lengths.prefix(Int(month) - 1).reduce(0, +) + day - 1
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static let berlin = "CET-1CEST,M3.5.0,M10.5.0/3"
    static let newYork = "EST5EDT,M3.2.0,M11.1.0"

    /// A region that has never had other clocks than these.
    static func zone(_ rule: String) throws -> TimeZoneRules {
        try TimeZoneRules(parsing: ZoneFile(footer: rule).bytes)
    }
}

/// A file as RFC 8536 describes it.
struct ZoneFile {
    var version = UInt8(ascii: "2")
    var transitions: [(at: Int64, type: UInt8)] = []
    /// Seconds ahead of UTC.
    var types: [Int32] = [0]
    var footer = ""

    var bytes: [UInt8] {
        guard version != 0 else { return block(width: 4) }
        let old = ZoneFile(version: version).block(width: 4)
        return old + block(width: 8) + Array("\n\(footer)\n".utf8)
    }

    private func block(width: Int) -> [UInt8] {
        var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
        for count in [0, 0, 0, transitions.count, types.count, 4] {
            bytes += big(Int64(count), width: 4)
        }
        for transition in transitions { bytes += big(transition.at, width: width) }
        bytes += transitions.map(\.type)
        for type in types { bytes += big(Int64(type), width: 4) + [0, 0] }
        return bytes + Array("UTC\0".utf8)
    }

    private func big(_ number: Int64, width: Int) -> [UInt8] {
        (1...width).map { UInt8(truncatingIfNeeded: number >> (8 * (width - $0))) }
    }
}
