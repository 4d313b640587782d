extension DaemonConfiguration {
    mutating func read(_ keys: ObjectReader) {
        keys.value("socket")?.object(
            { socket.read($0) },
            orString: { socket.path = $0.value(as: .fixedPath) }
        )
        keys.read("logDirectory", into: &logDirectory, as: .fixedPath)
        keys.read("logLevel", into: &logLevel, as: .choice)
        keys.read("shutdownTimeout", into: &shutdownTimeout, as: .duration)
        keys.check("exitWhen", as: .word(of: ["never"], later: ["all-exited", "any-fatal"]))
        keys.later("access", "stateDirectory")
    }
}

extension DaemonConfiguration.Socket {
    fileprivate mutating func read(_ keys: ObjectReader) {
        keys.read("path", into: &path, as: .fixedPath)
        keys.read("mode", into: &mode, as: .permissions)
        keys.read("owner", into: &owner, as: .user)
        keys.read("group", into: &group, as: .group)
    }
}
