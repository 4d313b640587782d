extension DaemonConfiguration {
    var settings: [Setting] {
        [
            Setting("socket.path", .restart, socket.path),
            Setting("socket.mode", .restart, Octal(bits: socket.mode)),
            Setting("socket.owner", .restart, socket.owner),
            Setting("socket.group", .restart, socket.group),
            Setting("access", .live, access.isEmpty ? nil : access),
            Setting("logDirectory", .restart, logDirectory),
            Setting("stateDirectory", .restart, stateDirectory),
            Setting("logLevel", .live, logLevel),
            Setting("shutdownTimeout", .live, shutdownTimeout),
            Setting("exitWhen", .live, exitWhen),
            Setting("starts.burst", .live, starts.burst),
            Setting("starts.perSecond", .live, starts.perSecond),
            Setting("cgroups", .restart, cgroups),
        ]
    }
}

extension AccessRule: JSONRepresentable {
    var jsonText: String {
        JSONObject([
            ("role", role), ("users", users), ("groups", groups), ("programs", programs),
        ]).jsonText
    }
}

extension AccessRule.Role: JSONRepresentable {}
extension DaemonConfiguration.LogLevel: JSONRepresentable {}
extension DaemonConfiguration.Cgroups: JSONRepresentable {}
extension DaemonConfiguration.ExitWhen: JSONRepresentable {}
extension Dependency.Condition: JSONRepresentable {}
extension ListeningSocket.Kind: JSONRepresentable {}
extension LogPolicy.OnFull: JSONRepresentable {}
extension Policy.Kind: JSONRepresentable {}
extension RestartPolicy.When: JSONRepresentable {}
extension HealthPolicy.OnFailure: JSONRepresentable {}
extension SignalScope: JSONRepresentable {}
