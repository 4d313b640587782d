/// What is wrong with a value, said by someone who does not know where it stands.
struct Objection: Error {
    /// `nil` for the value as it is written.
    let subject: ConfigurationError.Subject?
    let reason: ConfigurationError.Reason
    let suggestion: String?

    /// - Parameter text: What cannot be used, where that is not the value as it is written.
    init(_ text: String, _ reason: ConfigurationError.Reason, suggestion: String? = nil) {
        subject = .string(text)
        self.reason = reason
        self.suggestion = suggestion
    }

    init(_ subject: ConfigurationError.Subject, _ reason: ConfigurationError.Reason) {
        self.subject = subject
        self.reason = reason
        suggestion = nil
    }

    init(_ reason: ConfigurationError.Reason, suggestion: String? = nil) {
        subject = nil
        self.reason = reason
        self.suggestion = suggestion
    }
}
