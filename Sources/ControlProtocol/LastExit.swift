/// How the last run of a program ended, or why it never began.
public struct LastExit: Equatable, Sendable {
    public var code: Int?
    /// Without `SIG`.
    public var signal: String?
    /// A word such as `exit` or `spawn-failed`; the interface file lists them.
    public var cause: String
    /// RFC 3339, UTC, with milliseconds.
    public var at: String
    /// A sentence for people.
    public var message: String?
    /// Who stopped it.
    public var by: String?

    public init(
        code: Int? = nil,
        signal: String? = nil,
        cause: String,
        at: String,
        message: String? = nil,
        by: String? = nil
    ) {
        self.code = code
        self.signal = signal
        self.cause = cause
        self.at = at
        self.message = message
        self.by = by
    }
}

extension LastExit: Codable {
    private enum CodingKeys: CodingKey {
        case code, signal, cause, at, message, by
    }

    /// Writes `null` for what is absent, so that every key is always there.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(code, forKey: .code)
        try fields.encode(signal, forKey: .signal)
        try fields.encode(cause, forKey: .cause)
        try fields.encode(at, forKey: .at)
        try fields.encode(message, forKey: .message)
        try fields.encode(by, forKey: .by)
    }
}
