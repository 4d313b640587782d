extension DaemonConfiguration {
    mutating func read(_ keys: ObjectReader) {
        keys.value("socket")?.object(
            { socket.read($0) },
            orString: { socket.path = $0.value(as: .fixedPath) }
        )
        keys.read("logDirectory", into: &logDirectory, as: .fixedPath)
        keys.read("stateDirectory", into: &stateDirectory, as: .fixedPath)
        keys.read("logLevel", into: &logLevel, as: .choice)
        keys.read("shutdownTimeout", into: &shutdownTimeout, as: .duration)
        keys.read("exitWhen", into: &exitWhen, as: .choice)
        keys.read("access", into: &access, as: .array(of: .accessRule))
        keys.read("cgroups", into: &cgroups, as: .choice)
        keys.object("starts") { starts in
            starts.read("burst", into: &self.starts.burst, as: .integer(in: 1...100_000))
            starts.read("perSecond", into: &self.starts.perSecond, as: .integer(in: 1...1_000_000))
        }
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

extension Form where Value == AccessRule {
    fileprivate static var accessRule: Form {
        Form { value throws(Objection) in
            // Without a role the loading fails in the end; the other keys are checked.
            var rule = AccessRule(role: .observe)
            value.object { keys in
                keys.require("role")
                keys.read("role", into: &rule.role, as: .choice)
                keys.read("users", into: &rule.users, as: .array(of: .user))
                keys.read("groups", into: &rule.groups, as: .array(of: .group))
                keys.read("programs", into: &rule.programs, as: .array(of: .namePattern))
            }
            return rule
        }
    }
}

extension Form where Value == String {
    /// A pattern of names, as in a shell.
    fileprivate static var namePattern: Form {
        Form { value throws(Objection) in
            let pattern = try string.read(value)
            guard !pattern.isEmpty else { throw Objection(.empty) }
            return pattern
        }
    }
}
