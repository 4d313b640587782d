import OrderedCollections
import SystemTypes

/// Reads the members of one object, and remembers which keys were asked for.
///
/// Hence there is no list of keys beside the code that reads them. `null` is as good as no value.
final class ObjectReader {
    private let json: JSON
    private let scope: ValueReader.Scope
    /// In the order of the text.
    private var members: [JSON.Member] = []
    private var membersByKey: [String: JSON.Member] = [:]
    private var asked: OrderedSet<String> = []

    init(_ members: [JSON.Member], of json: JSON, scope: ValueReader.Scope) {
        self.json = json
        self.scope = scope
        for member in members {
            if let first = membersByKey[member.key] {
                scope.problems.report(key: member, .givenTwice(first: first.position))
            } else {
                membersByKey[member.key] = member
                self.members.append(member)
            }
        }
    }

    // MARK: - Keys that are known

    func value(_ key: String) -> ValueReader? {
        asked.append(key)
        guard let json = membersByKey[key]?.value, json.content != .null else { return nil }
        return ValueReader(json: json, scope: scope)
    }

    /// Leaves `target` as it is if there is no value, or one that has to be reported.
    ///
    /// - Returns: `false` if something was reported.
    @discardableResult
    func read<Value>(_ key: String, into target: inout Value, as form: Form<Value>) -> Bool {
        guard let reader = value(key) else { return true }
        guard let value = reader.value(as: form) else { return false }
        target = value
        return true
    }

    func read<Value>(_ key: String, into target: inout Value?, as form: Form<Value>) {
        if let value = value(key)?.value(as: form) { target = value }
    }

    func object(_ key: String, _ read: (ObjectReader) -> Void) {
        value(key)?.object(read)
    }

    /// The first of several keys that exclude each other; the others are reported.
    ///
    /// So is the lack of all; but `defaults` may leave the choice to the programs, where those that
    /// do not choose have none.
    func oneOf(_ keys: [String]) -> String? {
        let given = keys.filter { value($0) != nil }
        guard let first = given.first else {
            if !json.path.isInDefaults {
                scope.problems.report(Objection(.noneOf(keys)), about: json)
            }
            return nil
        }
        refuse(Array(given.dropFirst()), .excludedBy(first))
        return first
    }

    /// Checks a value that has no other effect, as there is one choice only.
    func check<Value>(_ key: String, as form: Form<Value>) {
        _ = value(key)?.value(as: form)
    }

    /// All members that have a value, for an object whose keys are the user's.
    func entries() -> [JSON.Member] {
        asked.append(contentsOf: members.map(\.key))
        return members.filter { $0.value.content != .null }
    }

    // MARK: - What is wrong with keys

    func require(_ key: String) {
        guard value(key) == nil else { return }
        scope.problems.report(Objection(.missingKey(key)), about: json)
    }

    func refuse(_ keys: [String], _ reason: ConfigurationError.Reason) {
        for key in keys where value(key) != nil {
            guard let member = membersByKey[key] else { continue }
            scope.problems.report(key: member, reason)
        }
    }

    func reportUnknownKeys() {
        for member in members where !asked.contains(member.key) {
            scope.problems.report(
                key: member,
                .noSuchKey,
                suggestion: Spelling.closest(to: member.key, among: asked)
            )
        }
    }
}
