import OrderedCollections

/// One value of the configuration, and what the words in it mean.
struct ValueReader {
    let json: JSON
    let scope: Scope

    struct Scope {
        let surroundings: Surroundings
        let problems: ConfigurationProblems
        /// All that there are; `nil` as long as nobody knows.
        var programs: OrderedSet<String>?
        /// `nil` outside of programs.
        var names: Expansion.Names?
        /// Absolute.
        var logDirectory: String
    }

    /// What stands there in the given form; `nil` if it does not, which is reported.
    ///
    /// So the reading goes on, and finds the next error too.
    func value<Value>(as form: Form<Value>) -> Value? {
        do {
            return try form.read(self)
        } catch {
            scope.problems.report(error, about: json)
            return nil
        }
    }

    /// A value that is part of this one, or is read like it.
    func reader(of part: JSON) -> ValueReader {
        ValueReader(json: part, scope: scope)
    }

    /// The same value, as part of a program.
    func naming(program: String, group: String) -> ValueReader {
        var scope = scope
        scope.names = Expansion.Names(program: program, group: group)
        return ValueReader(json: json, scope: scope)
    }

    func report(_ reason: ConfigurationError.Reason) {
        scope.problems.report(Objection(reason), about: json)
    }

    /// Lets `read` ask for the keys of an object, and reports those it did not ask for.
    func object(_ read: (ObjectReader) -> Void) {
        guard case .object(let members) = json.content else { return report(.expected(.object)) }
        let keys = ObjectReader(members, of: json, scope: scope)
        read(keys)
        keys.reportUnknownKeys()
    }

    /// Reads an object, or the string that may stand for it.
    func object(_ read: (ObjectReader) -> Void, orString readString: (ValueReader) -> Void) {
        switch json.content {
        case .object: object(read)
        case .string: readString(self)
        case .null, .boolean, .number, .array: report(.expected(.stringOrObject))
        }
    }

    /// The value of a key that has been read already; to say more of it.
    func member(_ key: String) -> ValueReader? {
        guard case .object(let members) = json.content else { return nil }
        return members.first { $0.key == key }.map { reader(of: $0.value) }
    }

    /// The directory of the file in which the value stands.
    var directory: String { scope.surroundings.directory(of: json.position.file) }

    /// Replaces all `${NAME}` but `${instance}`.
    func expanded(_ text: String) throws(Objection) -> Template {
        let expansion = Expansion(
            environment: scope.surroundings.environment,
            names: scope.names
        )
        let pieces = try expansion.pieces(of: text)
        // It would end the string for the kernel.
        guard !pieces.contains(where: { $0.unicodeScalars.contains("\0") }) else {
            throw Objection(.zeroCharacter)
        }
        return Template(pieces: pieces)
    }
}
