/// What the names in a format stand for at one place of a `supervisord.conf`.
struct ExpansionScope {
    /// The number of a process of a program that has several.
    enum Number {
        /// The same as keepd's own.
        case instance
        case fixed(Int)
    }

    let hostName: String
    /// Variables that the file itself sets, as keepd has them.
    var environment: [String: String] = [:]
    /// The rest is `nil` outside of programs.
    var program: String?
    var group: String?
    var count: Int?
    var number: Number?

    /// The text in the form that keepd expands at its own start.
    func expand(_ option: IniSection.Option, in section: IniSection) throws(Migration.Failure)
        -> String
    {
        try expand(option.value, of: option, in: section)
    }

    /// The same, for a part of the value of `option`.
    func expand(_ text: String, of option: IniSection.Option, in section: IniSection)
        throws(Migration.Failure) -> String
    {
        let subject = "[\(section.name)] \(option.name)"
        guard let format = PercentFormat(text) else {
            let text = "\(subject): \"\(text)\" is badly formatted: a literal % is %%"
            throw Migration.Failure(place: option.place, text: text)
        }
        var result = ""
        for piece in format.pieces {
            switch piece {
            case .literal(let text):
                result += ExpansionScope.escaped(text)
            case .reference(let reference):
                guard let value = value(of: reference, at: option.place) else {
                    let text = "\(subject): nothing is known as %(\(reference.name))s"
                    throw Migration.Failure(place: option.place, text: text)
                }
                result += value
            }
        }
        return result
    }

    /// A text in which keepd replaces nothing.
    static func escaped(_ text: String) -> String {
        text.replacing("${", with: "$${")
    }

    private func value(
        of reference: PercentFormat.Reference,
        at place: Migration.Place
    ) -> String? {
        switch reference.name {
        case "here": reference.pad(ExpansionScope.escaped(place.file.directory))
        case "host_node_name": reference.pad(hostName)
        case "program_name": program.map(reference.pad)
        case "group_name": group.map(reference.pad)
        case "numprocs": count.map { reference.pad("\($0)") }
        case "process_num": number.map { text(of: $0, reference) }
        case let name where name.hasPrefix("ENV_"):
            variable(String(name.dropFirst("ENV_".count)))
        default: nil
        }
    }

    private func text(of number: Number, _ reference: PercentFormat.Reference) -> String {
        switch number {
        case .instance: "${instance}"
        case .fixed(let number): reference.pad("\(number)")
        }
    }

    private func variable(_ name: String) -> String {
        environment[name] ?? "${\(name)}"
    }
}

extension String {
    /// The part before the last slash; `/` where there is nothing before it.
    var directory: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}
