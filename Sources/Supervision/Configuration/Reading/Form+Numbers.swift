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
    static var duration: Form { duration(atLeastMilliseconds: 0) }

    static func duration(atLeastMilliseconds min: Int) -> Form {
        Form { value throws(Objection) in
            let seconds: Double
            var subject = value.json.asSubject
            if case .number = value.json.content {
                seconds = try value.number(or: .duration)
            } else {
                let text = try Form<String>.string.read(value)
                subject = .string(text)
                guard let number = Form.seconds(text) else {
                    throw Objection(text, .expected(.duration))
                }
                seconds = number
            }
            let range = Double(min) / 1000...Double(Duration.hoursMax * 3600)
            guard range.contains(seconds) else {
                let least = min == 0 ? "0" : "\(min)ms"
                throw Objection(subject, .outOfRange(min: least, max: "\(Duration.hoursMax)h"))
            }
            return .nanoseconds(Int64((seconds * 1e9).rounded()))
        }
    }

    private static func seconds(_ text: String) -> Double? {
        let units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        guard let (unit, seconds) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
        return text.dropLast(unit.count).asPlainNumber.map { $0 * seconds }
    }
}

extension Duration {
    /// A century: longer than anybody means, and short enough for nanoseconds in 64 bits.
    fileprivate static let hoursMax = 876_000
}
