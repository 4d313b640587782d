/// What the command line says; `nil` where it says nothing.
public struct Options: Sendable {
    /// The form of the daemon's own lines.
    public enum LogFormatName: String, CaseIterable, Sendable {
        case auto, text, json, journal
    }

    /// Whether to use colours.
    public enum ColorChoice: String, CaseIterable, Sendable {
        case auto, always, never
    }

    public var configurationPath: String?
    /// A program to run in place of a configuration; empty for none.
    public var command: [String] = []
    public var socketPath: String?
    /// A level of swift-log.
    public var logLevel: String?
    public var logFormat = LogFormatName.auto
    public var color = ColorChoice.auto
    /// Whether another process holds what is needed to survive a crash; `nil` for only where this
    /// process is the first of its name space.
    public var holder: Bool?

    public init() {}
}

/// How the daemon ends, for whoever started it.
///
/// Source: the contract, and sysexits.h.
public enum ExitCode: Int32, Sendable {
    case clean = 0
    /// The command line makes no sense.
    case usage = 64
    case system = 71
    case cannotCreate = 73
    case anotherDaemon = 75
    case configuration = 78

    /// Those after which another attempt would end alike; the unit lists them, too.
    static let final: [ExitCode] = [.usage, .cannotCreate, .anotherDaemon, .configuration]
}
