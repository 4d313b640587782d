import Glibc
import LinuxSystem
import SystemTypes

extension WallTime {
    enum Zone {
        case utc
        /// Of whoever looks at the screen.
        case local
    }

    /// Reads `2026-11-22T22:40:01.123Z`, and no other form of RFC 3339.
    init?(rfc3339 text: String) {
        let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
        guard parts.count == 7, text.hasSuffix("Z"), text.utf8.count == 24 else { return nil }
        var date = tm()
        date.tm_year = CInt(parts[0] - 1_900)
        date.tm_mon = CInt(parts[1] - 1)
        date.tm_mday = CInt(parts[2])
        date.tm_hour = CInt(parts[3])
        date.tm_min = CInt(parts[4])
        date.tm_sec = CInt(parts[5])
        let milliseconds = Int64(timegm(&date)) * 1_000 + Int64(parts[6])
        self.init(nanoseconds: milliseconds * 1_000_000)
    }

    /// As `2026-11-22 22:40:01`.
    func text(in zone: Zone) -> String {
        var seconds = time_t(nanoseconds / 1_000_000_000)
        var date = tm()
        switch zone {
        case .utc: gmtime_r(&seconds, &date)
        case .local: localtime_r(&seconds, &date)
        }
        let day = "\(date.tm_year + 1_900)-\(twoDigits(date.tm_mon + 1))-\(twoDigits(date.tm_mday))"
        let time = [date.tm_hour, date.tm_min, date.tm_sec].map(twoDigits).joined(separator: ":")
        return "\(day) \(time)"
    }
}
