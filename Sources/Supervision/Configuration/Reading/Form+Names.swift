import SystemTypes

extension Form where Value == Signal {
    /// With or without `SIG`, or a number in quotes.
    static var signal: Form {
        Form { value throws(Objection) in
            let name = try Form<String>.string.read(value)
            if let signal = Signal(name: name) { return signal }
            let upper = name.uppercased()
            let short = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
            throw Objection(
                name,
                .noSuch(.signal),
                suggestion: Spelling.closest(to: short, among: Signal.names)
            )
        }
    }
}

extension Form where Value == String {
    static var user: Form {
        Form { value throws(Objection) in
            let name = try string.read(value)
            guard value.scope.surroundings.userExists(name) else {
                throw Objection(name, .noSuch(.user))
            }
            return name
        }
    }

    static var group: Form {
        Form { value throws(Objection) in
            let name = try string.read(value)
            guard value.scope.surroundings.groupExists(name) else {
                throw Objection(name, .noSuch(.group))
            }
            return name
        }
    }
}
