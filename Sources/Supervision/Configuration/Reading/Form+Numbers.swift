extension ValueReader {
    fileprivate func number(or kind: ConfigurationError.Kind) throws(Objection) -> Double {
        guard case .number(let text) = json.content, let number = Double(text), number.isFinite
        else { throw Objection(.expected(kind)) }
        return number
    }
}

extension Form where Value == Double {
    static func number(atLeast min: Int, atMost max: Int? = nil) -> Form {
        Form { value throws(Objection) in
            let number = try value.number(or: .number)
            guard number >= Double(min), number <= max.map(Double.init) ?? .infinity else {
                throw Objection(.outOfRange(min: String(min), max: max.map(String.init)))
            }
            return number
        }
    }
}

extension Form where Value: FixedWidthInteger {
    static func integer(in range: ClosedRange<Value>) -> Form {
        Form { value throws(Objection) in
            let number = try value.number(or: .integer)
            guard number == number.rounded() else { throw Objection(.expected(.integer)) }
            guard let integer = Value(exactly: number), range.contains(integer) else {
                throw Objection(
                    .outOfRange(min: String(range.lowerBound), max: String(range.upperBound))
                )
            }
            return integer
        }
    }
}

extension Form where Value == UInt32 {
    /// Permission bits, written as chmod(1) and umask(1) do.
    static var permissions: Form {
        Form { value throws(Objection) in
            if case .number = value.json.content { throw Objection(.octalNeedsString) }
            let text = try Form<String>.string.read(value)
            guard text.allSatisfy({ ("0"..."7").contains($0) }), let bits = Value(text, radix: 8)
            else { throw Objection(text, .expected(.octal)) }
            guard bits <= 0o777 else { throw Objection(text, .outOfRange(min: "000", max: "777")) }
            return bits
        }
    }
}

extension Form where Value == Duration {
    /// `500ms`, `1.5s`, `2m`, `1h`, or a number of seconds.
    static var duration: Form {
        Form { value throws(Objection) in
            if case .number = value.json.content {
                let seconds = try value.number(or: .duration)
                guard let duration = Duration(secondsInRange: seconds) else {
                    throw Objection(outOfRange)
                }
                return duration
            }
            let text = try Form<String>.string.read(value)
            guard let seconds = seconds(text) else { throw Objection(text, .expected(.duration)) }
            guard let duration = Duration(secondsInRange: seconds) else {
                throw Objection(text, outOfRange)
            }
            return duration
        }
    }

    private static var outOfRange: ConfigurationError.Reason {
        .outOfRange(min: "0", max: "\(Duration.hoursMax)h")
    }

    private static func seconds(_ text: String) -> Double? {
        let units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        guard let (unit, seconds) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
        let number = text.dropLast(unit.count)
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { ("0"..."9").contains($0) }
        }
        guard areDigits, parts.count <= 2 else { return nil }
        return Double(number).map { $0 * seconds }
    }
}

extension Duration {
    /// A century: longer than anybody means, and short enough for nanoseconds in 64 bits.
    fileprivate static let hoursMax = 876_000

    fileprivate init?(secondsInRange seconds: Double) {
        guard (0...Double(Duration.hoursMax * 3600)).contains(seconds) else { return nil }
        self = .nanoseconds(Int64((seconds * 1e9).rounded()))
    }
}
