public import SystemTypes

/// What stands before a line: `2026-11-22T22:40:01.123456Z `.
///
/// Source: RFC 3339, section 5.6.
public struct LineStamp: Sendable {
    /// With the space behind it.
    public static let length = 28

    /// The last one; only its end changes within a second.
    public private(set) var bytes: [UInt8] = Array("0000-00-00T00:00:00.000000Z ".utf8)
    private var second = Int64.min

    public init() {}

    /// Makes ``bytes`` that of a time.
    public mutating func set(_ time: WallTime) {
        let second = time.wholeSeconds
        if second != self.second { set(second: second) }
        let nanoseconds = time.nanoseconds - second * 1_000_000_000
        write(Int(nanoseconds / 1_000), digits: 6, at: 20)
    }

    private mutating func set(second: Int64) {
        self.second = second
        let minutes = LocalTime(secondsSinceEpoch: second)
        let date = LocalTime.date(ofDay: minutes.day)
        write(date.year, digits: 4, at: 0)
        write(date.month, digits: 2, at: 5)
        write(date.day, digits: 2, at: 8)
        write(minutes.minuteOfDay / 60, digits: 2, at: 11)
        write(minutes.minuteOfDay % 60, digits: 2, at: 14)
        write(Int(second - minutes.secondsSinceEpoch), digits: 2, at: 17)
    }

    private mutating func write(_ number: Int, digits: Int, at place: Int) {
        var rest = number
        for index in stride(from: place + digits - 1, through: place, by: -1) {
            bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    /// The time that a line begins with; `nil` if it begins with something else.
    public static func time(of line: some Collection<UInt8>) -> WallTime? {
        let stamp = Array(line.prefix(length))
        guard stamp.count == length, zip(stamp, LineStamp().bytes).allSatisfy(isLike) else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int {
            stamp[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        let (month, day) = (number(5..<7), number(8..<10))
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let days = LocalTime.day(year: number(0..<4), month: month, day: day)
        let seconds =
            days * 86_400 + Int64(number(11..<13) * 3_600 + number(14..<16) * 60 + number(17..<19))
        // Only years up to 2262 can be counted in nanoseconds.
        let (nanoseconds, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !isOver else { return nil }
        return WallTime(nanoseconds: nanoseconds &+ Int64(number(20..<26)) * 1_000)
    }

    /// Any digit for a digit, and else the same.
    private static func isLike(_ byte: UInt8, _ pattern: UInt8) -> Bool {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return digits.contains(pattern) ? digits.contains(byte) : byte == pattern
    }
}

extension WallTime {
    /// Reads a time in UTC, such as `2026-11-22T22:40:01Z`; what is beyond microseconds is left out.
    ///
    /// Source: RFC 3339, section 5.6.
    public init?(rfc3339 text: String) {
        guard text.hasSuffix("Z") else { return nil }
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return nil }
        let fraction = parts.count == 2 ? parts[1].prefix(6) : "0"
        let padding = String(repeating: "0", count: 6 - fraction.count)
        guard let time = LineStamp.time(of: Array("\(parts[0]).\(fraction)\(padding)Z ".utf8))
        else {
            return nil
        }
        self = time
    }
}
