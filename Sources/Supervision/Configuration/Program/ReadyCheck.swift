/// How it is found out that a program is ready.
public enum ReadyCheck: Equatable, Sendable, Codable {
    /// The program says so by sd_notify(3).
    case notify
    /// The program writes a newline to this descriptor, as s6 has it.
    case descriptor(Int32)
    /// keepd asks.
    case probe(ProbeTemplate)
    /// The program prints a line in which this regular expression is found; one of Swift's.
    case log(pattern: String)
}
