import ControlProtocol

extension Console {
    /// As `web: cleared`, or as an array of names.
    static func write(_ answer: Names, as deed: String, asJSON: Bool) {
        if asJSON {
            write(json: answer.names)
        } else {
            answer.names.forEach { write(line: "\($0): \(deed)") }
        }
    }
}
