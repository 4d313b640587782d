/// A signal of Linux, 1...64.
///
/// Source: signal(7).
public struct Signal: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: Int32

    /// `nil` unless the number is one that the kernel knows.
    public init?(rawValue: Int32) {
        guard Signal.numbers.contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let numbers: ClosedRange<Int32> = 1...64

    public static let hangUp = Signal(known: 1)
    public static let interrupt = Signal(known: 2)
    public static let quit = Signal(known: 3)
    public static let abort = Signal(known: 6)
    public static let kill = Signal(known: 9)
    public static let user1 = Signal(known: 10)
    public static let user2 = Signal(known: 12)
    public static let brokenPipe = Signal(known: 13)
    public static let alarm = Signal(known: 14)
    public static let terminate = Signal(known: 15)
    public static let child = Signal(known: 17)
    public static let `continue` = Signal(known: 18)
    public static let stop = Signal(known: 19)
    public static let virtualAlarm = Signal(known: 26)
    public static let profilingAlarm = Signal(known: 27)
    public static let windowChange = Signal(known: 28)
    public static let inputOutput = Signal(known: 29)
    public static let power = Signal(known: 30)
    /// `RTMIN+3`, by which container managers ask process 1 for the end.
    ///
    /// Source: systemd(1), "Signals".
    public static let halt = Signal(known: 37)
}

extension Signal: CustomStringConvertible {
    /// Without `SIG`, for this is how they are shown: `TERM`.
    public static let names: [String] = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
        "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
        "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ]

    private static let firstRealTime: Int32 = 34

    /// Reads `TERM`, `SIGTERM`, `term`, `15`, `RTMIN+3`; `nil` if there is no such signal.
    public init?(name: String) {
        if let number = Int32(name) {
            self.init(rawValue: number)
            return
        }
        var upper = name.uppercased()
        if upper.hasPrefix("SIG") { upper.removeFirst(3) }
        if let index = Signal.names.firstIndex(of: upper) {
            self.init(rawValue: Int32(index + 1))
        } else if upper == "RTMIN" {
            self.init(rawValue: Signal.firstRealTime)
        } else if upper.hasPrefix("RTMIN+"), let offset = Int32(upper.dropFirst(6)),
            (0...30).contains(offset)
        {
            self.init(rawValue: Signal.firstRealTime + offset)
        } else {
            return nil
        }
    }

    public var description: String {
        let index = Int(rawValue) - 1
        if index < Signal.names.count { return Signal.names[index] }
        let offset = rawValue - Signal.firstRealTime
        return offset >= 0 ? "RTMIN+\(offset)" : String(rawValue)
    }
}
