internal import Logging

/// Sends what swift-log is given to the log loop.
struct ConsoleLog: LogHandler {
    let logs: LogLoop
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        logs.write(event.level, event.message.description)
    }
}
