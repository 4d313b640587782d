internal import Logging

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
        logs.write(event.level, message)
    }
}
