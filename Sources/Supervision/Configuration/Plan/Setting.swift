/// One key with its value, and what a change of it takes.
///
/// The settings of a thing say all that there is to say of it: equal settings, equal things.
struct Setting: Equatable, Sendable {
    let key: String
    let `class`: ChangeClass
    /// JSON; `nil` for no value.
    let text: String?

    init(_ key: String, _ class: ChangeClass, _ value: (any JSONRepresentable)?) {
        self.key = key
        self.class = `class`
        text = value?.jsonText
    }
}
