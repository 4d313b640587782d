import Testing

@testable import ControlProtocol

/// The interface file is the one reference; the Swift types may not say anything else.
@Suite struct InterfaceTests {
    private let descriptions = Interface.allCases.map { Description($0.description) }

    @Test func `each file describes the interface that it is named after`() {
        #expect(descriptions.map(\.name) == Interface.allCases.map(\.rawValue))
    }

    @Test func `the methods are those of the files`() {
        let described = descriptions.flatMap { file in
            file.methods.keys.map { "\(file.name).\($0)" }
        }
        #expect(Set(described) == Set(Method.allCases.map(\.rawValue)))
    }

    @Test func `the errors are those of the files`() {
        let described = descriptions.flatMap { file in
            file.errors.keys.map { "\(file.name).\($0)" }
        }
        #expect(Set(described) == Set(Samples.errors.map(\.name)))
    }

    @Test(arguments: [
        ("State", State.allCases.map(\.rawValue)),
        ("Aim", Control.Wait.Aim.allCases.map(\.rawValue)),
        ("Goal", Control.Explanation.Goal.allCases.map(\.rawValue)),
        ("Condition", Control.Explanation.Need.Condition.allCases.map(\.rawValue)),
        ("ChangeClass", Control.ChangeClass.allCases.map(\.rawValue)),
        ("ChangeKind", Control.Plan.Program.Kind.allCases.map(\.rawValue)),
    ])
    func `the words of a type are those of the file`(type: String, words: [String]) {
        #expect(descriptions.first?.types[type] == .words(words))
    }

    @Test(arguments: Samples.all)
    func `a message has the fields that the file gives it, of their types`(
        sample: Sample
    ) throws {
        var comparison = Comparison(descriptions)
        try comparison.compare(sample)
        #expect(comparison.complaints == [])
    }

    @Test func `no field of a file is unknown to the messages`() throws {
        var comparison = Comparison(descriptions)
        for sample in Samples.all { try comparison.compare(sample) }
        #expect(comparison.declared.subtracting(comparison.seen) == [])
    }
}

/// Holds messages against their description.
private struct Comparison {
    private let descriptions: [Description]
    private(set) var complaints: [String] = []
    /// Fields as `Program.pid`, `Start.names`.
    private(set) var seen: Set<String> = []

    init(_ descriptions: [Description]) {
        self.descriptions = descriptions
    }

    var declared: Set<String> {
        var fields: Set<String> = []
        func add(_ kind: Description.Kind, of owner: String) {
            guard case .object(let members) = kind else { return }
            fields.formUnion(members.keys.map { "\(owner).\($0)" })
        }
        for file in descriptions {
            for (name, kind) in file.types { add(kind, of: name) }
            for (name, kind) in file.errors { add(kind, of: name) }
            for (name, method) in file.methods {
                add(method.parameters, of: name)
                add(method.answer, of: "\(name)->")
            }
        }
        return fields
    }

    mutating func compare(_ sample: Sample) throws {
        let message = try JSON.decode(JSONValue.self, from: sample.bytes.dropLast())
        guard let parameters = message["parameters"] else {
            complaints.append("no parameters")
            return
        }
        switch sample.part {
        case .parameters(let method):
            let (file, name) = find(method.rawValue)
            compare(parameters, file?.methods[name]?.parameters, name)
        case .answer(let method):
            let (file, name) = find(method.rawValue)
            compare(parameters, file?.methods[name]?.answer, "\(name)->")
        case .error(let error):
            let (file, name) = find(error)
            compare(parameters, file?.errors[name], name)
        }
    }

    private func find(_ name: String) -> (file: Description?, name: String) {
        let parts = name.split(separator: ".")
        let interface = parts.dropLast().joined(separator: ".")
        return (descriptions.first { $0.name == interface }, String(parts.last ?? ""))
    }

    private mutating func compare(
        _ value: JSONValue,
        _ kind: Description.Kind?,
        _ owner: String
    ) {
        switch (kind, value) {
        case (.object(let fields), .object(let members)):
            for (name, member) in members {
                seen.insert("\(owner).\(name)")
                guard let shape = fields[name] else {
                    complaints.append("\(owner).\(name) is not in the file")
                    continue
                }
                compare(member, shape, "\(owner).\(name)")
            }
            for (name, shape) in fields where members[name] == nil {
                if case .optional = shape { continue }
                complaints.append("\(owner).\(name) is missing")
            }
        case (.words(let words), .string(let word)) where words.contains(word):
            break
        default:
            complaints.append("\(owner) cannot be \(value)")
        }
    }

    private mutating func compare(
        _ value: JSONValue,
        _ shape: Description.Shape,
        _ place: String
    ) {
        switch (shape, value) {
        case (.optional, .null): break
        case (.optional(let inner), _): compare(value, inner, place)
        case (.array(let inner), .array(let elements)):
            for element in elements { compare(element, inner, place) }
        case (.dictionary(let inner), .object(let members)):
            for member in members.values { compare(member, inner, place) }
        case (.named("string"), .string), (.named("bool"), .bool), (.named("int"), .int),
            (.named("float"), .float), (.named("float"), .int):
            break
        case (.named(let name), _):
            let kind = descriptions.lazy.compactMap { $0.types[name] }.first
            if kind == nil { complaints.append("\(place) cannot be \(value)") }
            if let kind { compare(value, kind, name) }
        case (.array, _), (.dictionary, _): complaints.append("\(place) cannot be \(value)")
        }
    }
}
