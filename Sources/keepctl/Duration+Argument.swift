import ArgumentParser

extension Duration {
    /// Reads `500ms`, `1.5s`, `2m`, `1h`, or a number of seconds.
    init(parsing text: String) throws {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let unit: Double? =
            switch text.dropFirst(digits.count) {
            case "ms": 0.001
            case "s", "": 1
            case "m": 60
            case "h": 3_600
            default: nil
            }
        // A century is as good as for ever, and does not overflow.
        guard let unit, let number = Double(digits), number * unit < 3e9 else {
            throw ValidationError("cannot read time \"\(text)\": not like 500ms, 1.5s, 2m or 1h")
        }
        self = .seconds(number * unit)
    }

    /// What is less than one is cut off.
    var wholeMilliseconds: UInt { UInt(self / .milliseconds(1)) }
}
