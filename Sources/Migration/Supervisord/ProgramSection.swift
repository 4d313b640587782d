/// One section `[program:x]`.
struct ProgramSection {
    /// A program of keepd's.
    struct Part {
        let name: String
        let settings: JSONValue
    }

    let priority: Int
    /// One; or one for each process, if keepd's numbers would not do.
    private(set) var parts: [Part] = []

    init(_ reader: SectionReader, _ scope: ExpansionScope) throws(Migration.Failure) {
        let section = reader.section
        guard section["command"] != nil else {
            let text = "[\(section.name)] has no command"
            throw Migration.Failure(place: section.place, text: text)
        }
        priority = try reader.integer("priority") ?? ProgramDefaults.priority
        let count = try reader.integer("numprocs", in: 1...1_024) ?? 1
        let first = try reader.integer("numprocs_start") ?? 0
        var scope = scope
        scope.count = count
        if count == 1 {
            scope.number = .fixed(first)
            try add(section.ownName, reader, scope, instances: nil)
        } else if ProgramSection.fits(section, first: first) {
            scope.number = .instance
            try add(section.ownName, reader, scope, instances: count)
        } else {
            for number in first..<first + count {
                scope.number = .fixed(number)
                try add(try name(reader, scope), reader, scope, instances: nil)
            }
        }
        reader.warnOfOthers()
    }

    private mutating func add(
        _ name: String,
        _ reader: SectionReader,
        _ scope: ExpansionScope,
        instances: Int?
    ) throws(Migration.Failure) {
        let program = ProgramSettings(reader: reader, scope: scope, instances: instances)
        parts.append(Part(name: name, settings: try program.settings()))
        if let option = reader.option("process_name"), reader.option("numprocs") == nil,
            option.value != "%(program_name)s"
        {
            reader.warn(option, "it is \(name) in keepd")
        }
    }

    /// The name of one of several processes.
    private func name(_ reader: SectionReader, _ scope: ExpansionScope)
        throws(Migration.Failure) -> String
    {
        guard let option = reader.option("process_name") else {
            let text = "[\(reader.section.name)]: with numprocs > 1 there must be a process_name"
            throw Migration.Failure(place: reader.section.place, text: text)
        }
        return try scope.expand(option, in: reader.section)
    }

    /// Whether `${instance}`, which counts from 0 and has no leading zeros, is all that is used.
    private static func fits(_ section: IniSection, first: Int) -> Bool {
        let formats = section.options.filter { $0.name != "process_name" }
            .compactMap { PercentFormat($0.value) }
        let numbers = formats.flatMap(\.references).filter { $0.name == "process_num" }
        return numbers.allSatisfy { $0.isPlain && first == 0 }
    }
}
