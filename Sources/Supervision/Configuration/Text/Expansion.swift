import SystemTypes

/// Replaces `${NAME}` in a string.
struct Expansion {
    /// The names that mean something inside a program.
    struct Names {
        let program: String
        let group: String
    }

    private static let depthMax = 16

    let environment: [String: String]
    /// `nil` outside of programs.
    let names: Names?

    /// The text between the occurrences of `${instance}`; never empty.
    func pieces(of text: String) throws(Objection) -> [String] {
        var pieces = [""]
        try expand(Array(text)[...], into: &pieces, depth: 1)
        return pieces
    }

    /// Where the `${…}` ends that begins at `start`; `nil` if none begins or it does not end.
    ///
    /// A default may hold further references, and even an escaped `$${` has its brace, so counting
    /// them is enough.
    static func endOfReference(in text: [Character], at start: Int) -> Int? {
        endOfReference(in: text[...], at: start)
    }

    private static func endOfReference(in text: ArraySlice<Character>, at start: Int) -> Int? {
        guard text[start...].starts(with: "${") else { return nil }
        var open = 1
        var index = start + 2
        while index < text.endIndex {
            if text[index...].starts(with: "${") {
                open += 1
                index += 1
            } else if text[index] == "}" {
                open -= 1
                if open == 0 { return index + 1 }
            }
            index += 1
        }
        return nil
    }

    private func expand(
        _ text: ArraySlice<Character>,
        into pieces: inout [String],
        depth: Int
    ) throws(Objection) {
        guard depth <= Expansion.depthMax else {
            throw Objection(.nestedTooDeep(limit: Expansion.depthMax))
        }
        var rest = text
        while let first = rest.first {
            if rest.starts(with: "$${") {
                pieces[pieces.count - 1] += "${"
                rest = rest.dropFirst(3)
            } else if rest.starts(with: "${") {
                guard let end = Expansion.endOfReference(in: rest, at: rest.startIndex) else {
                    throw Objection(.unclosedReference)
                }
                try replace(rest[..<end].dropFirst(2).dropLast(), into: &pieces, depth: depth)
                rest = rest[end...]
            } else {
                pieces[pieces.count - 1].append(first)
                rest = rest.dropFirst()
            }
        }
    }

    /// - Parameter reference: What stands between the braces: `NAME`, or `NAME:-default`.
    private func replace(
        _ reference: ArraySlice<Character>,
        into pieces: inout [String],
        depth: Int
    ) throws(Objection) {
        let name = String(reference.prefix { $0.isNamePart })
        let fallback = reference.dropFirst(name.count)
        let isName = name.first.map { !$0.isNumber } ?? false
        guard isName, fallback.isEmpty || fallback.starts(with: ":-") else {
            throw Objection(String(reference).asReference, .badReference)
        }
        if try replace(builtIn: name, into: &pieces) { return }
        if let value = environment[name], !value.isEmpty || fallback.isEmpty {
            pieces[pieces.count - 1] += value
        } else if !fallback.isEmpty {
            try expand(fallback.dropFirst(2), into: &pieces, depth: depth + 1)
        } else {
            let known = environment.keys.sorted() + (names == nil ? [] : Expansion.builtIns)
            throw Objection(
                name.asReference,
                .notSet,
                suggestion: Spelling.closest(to: name, among: known)?.asReference
            )
        }
    }

    private static let builtIns = ["program", "instance", "group"]

    private func replace(
        builtIn name: String,
        into pieces: inout [String]
    ) throws(Objection) -> Bool {
        guard Expansion.builtIns.contains(name) else { return false }
        guard let names else { throw Objection(name.asReference, .onlyInPrograms) }
        switch name {
        case "instance": pieces.append("")
        case "program": pieces[pieces.count - 1] += names.program
        default: pieces[pieces.count - 1] += names.group
        }
        return true
    }
}

extension String {
    fileprivate var asReference: String { "${\(self)}" }
}

extension Character {
    fileprivate var isNamePart: Bool { isASCII && (isLetter || isNumber || self == "_") }
}
