internal import Logging
internal import Supervision

/// Sends what swift-log is given to the log loop, and remembers it.
///
/// One handler and not `MultiplexLogHandler`, which asks for the level once and for all.
struct ConsoleLog: LogHandler {
    let logs: LogLoop
    let memory: LogMemory
    let threshold: LogThreshold
    var metadata: Logger.Metadata = [:]

    var logLevel: Logger.Level {
        get { threshold.level }
        set { threshold.level = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let message = event.message.description
        memory.append(event.level, message)
        logs.write(event.level, message, about: event.metadata.flatMap(ConsoleLog.instance))
    }

    // MARK: - What a line is about

    private static let program = "program"
    private static let number = "instance"

    static func metadata(of id: InstanceID) -> Logger.Metadata {
        [program: .string(id.program), number: .stringConvertible(id.number)]
    }

    private static func instance(in metadata: Logger.Metadata) -> InstanceID? {
        guard case .string(let program) = metadata[program],
            case .stringConvertible(let number as Int) = metadata[number]
        else { return nil }
        return InstanceID(program: program, number: number)
    }
}
