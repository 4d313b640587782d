/// A stretch of time, as people read it.
enum Elapsed {
    /// As `0:01:12`, `1 day, 2:03:04`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 1e12)))
        let days = whole / 86_400
        let minutes = whole / 60
        let time = "\(minutes / 60 % 24):\(twoDigits(minutes % 60)):\(twoDigits(whole % 60))"
        return days == 0 ? time : "\(days) \(days == 1 ? "day" : "days"), \(time)"
    }

    /// As `12 min ago`; `nil` from a day on, and for what is yet to come: then a date says more.
    static func ago(_ seconds: Double) -> String? {
        switch seconds {
        case 0..<60: "\(Int(seconds)) s ago"
        case 60..<3_600: "\(Int(seconds / 60)) min ago"
        case 3_600..<86_400: "\(Int(seconds / 3_600)) h ago"
        default: nil
        }
    }

    /// As `2.1 s`, and from a minute on as ``clock(_:)``.
    static func short(_ seconds: Double) -> String {
        guard seconds < 60 else { return clock(seconds) }
        let tenths = Int((max(0, seconds) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}

func twoDigits(_ number: some BinaryInteger) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
