internal import Logging

/// Sends what swift-log is given to the log loop, and remembers it.
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
        memory.append(event.level, event.message.description)
        logs.write(event.level, event.message.description)
    }
}
