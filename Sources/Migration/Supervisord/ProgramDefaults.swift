/// What supervisord does where a section says nothing, and keepd would do something else.
enum ProgramDefaults {
    static let priority = 999
    static let retries = 3

    /// Of the key `defaults`.
    static let settings: [(String, JSONValue?)] = [
        (
            "restart",
            .members([("when", .string("on-failure")), ("retries", .number(retries + 1))])
        ),
        ("stop", .members([("scope", .string("process"))])),
        // With nothing to read, a program such as cat would end.
        ("stdin", .string("pipe")),
        ("stdout", log("${program}-stdout.log")),
        ("stderr", log("${program}-stderr.log")),
    ]

    private static func log(_ file: String) -> JSONValue {
        .members([("file", .string(file)), ("maxSize", .string("50MiB")), ("keep", .number(10))])
    }
}
