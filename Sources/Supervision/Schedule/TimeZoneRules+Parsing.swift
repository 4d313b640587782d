extension TimeZoneRules {
    /// Reads a file of `/usr/share/zoneinfo`; leap seconds are not heeded.
    ///
    /// Source: RFC 8536; tzfile(5).
    public init(parsing bytes: [UInt8]) throws(TimeZoneProblem) {
        var file = TimeZoneFile(bytes: bytes)
        var block = try file.readHeader()
        // The second version repeats all of it with longer numbers, and adds the rule.
        let isOld = block.version == 0
        if !isOld {
            try file.skip(block.length(timeWidth: 4))
            block = try file.readHeader()
        }
        let width = isOld ? 4 : 8
        var times: [Int64] = []
        for _ in 0..<block.times { times.append(try file.readNumber(width: width)) }
        let indices = try file.read(block.times)
        var offsets: [Int64] = []
        for _ in 0..<block.types {
            offsets.append(try file.readNumber(width: 4))
            try file.skip(2)
        }
        guard let first = offsets.first, indices.allSatisfy({ $0 < offsets.count }),
            zip(times, times.dropFirst()).allSatisfy(<)
        else { throw .noTimeZone }
        try file.skip(block.names + block.leaps * (width + 4) + block.standards + block.universals)

        let footer = isOld ? nil : try file.readFooter()
        var rule: DaylightRule?
        var firstOffset = first
        if let footer {
            switch try DaylightRule.parse(footer) {
            case .daylight(let daylight): rule = daylight
            case .constant(let offset): if times.isEmpty { firstOffset = offset }
            }
        }
        self.init(
            firstOffset: firstOffset,
            transitions: zip(times, indices).map { Transition(at: $0, offset: offsets[Int($1)]) },
            rule: rule
        )
    }
}

/// The bytes of a file, taken one after the other.
private struct TimeZoneFile {
    private var rest: ArraySlice<UInt8>

    init(bytes: [UInt8]) {
        rest = bytes[...]
    }

    struct Header {
        let version: UInt8
        let universals: Int
        let standards: Int
        let leaps: Int
        let times: Int
        let types: Int
        let names: Int

        func length(timeWidth: Int) -> Int {
            times * (timeWidth + 1) + types * 6 + names + leaps * (timeWidth + 4) + standards
                + universals
        }
    }

    mutating func readHeader() throws(TimeZoneProblem) -> Header {
        guard try read(4).elementsEqual("TZif".utf8) else { throw .noTimeZone }
        let version = try read(1).first ?? 0
        try skip(15)
        return Header(
            version: version,
            universals: try readCount(),
            standards: try readCount(),
            leaps: try readCount(),
            times: try readCount(),
            types: try readCount(),
            names: try readCount()
        )
    }

    private mutating func readCount() throws(TimeZoneProblem) -> Int {
        let count = try readNumber(width: 4)
        guard count >= 0 else { throw .noTimeZone }
        return Int(count)
    }

    /// Big-endian, with a sign.
    mutating func readNumber(width: Int) throws(TimeZoneProblem) -> Int64 {
        let number = try read(width).reduce(0) { $0 << 8 | UInt64($1) }
        return Int64(bitPattern: number << (64 - 8 * width)) >> (64 - 8 * width)
    }

    mutating func read(_ count: Int) throws(TimeZoneProblem) -> ArraySlice<UInt8> {
        guard rest.count >= count else { throw .truncated }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func skip(_ count: Int) throws(TimeZoneProblem) {
        _ = try read(count)
    }

    /// Between two newlines; `nil` if there is nothing to be said.
    mutating func readFooter() throws(TimeZoneProblem) -> String? {
        guard rest.popFirst() == UInt8(ascii: "\n"),
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
        else { throw .truncated }
        let text = String(decoding: rest[..<end], as: UTF8.self)
        return text.isEmpty ? nil : text
    }
}
