import ControlProtocol

/// A text as JSON.
func json(_ value: some Encodable) -> String {
    String(decoding: JSON.encode(value), as: UTF8.self)
}

/// A program of a configuration, which misbehaves as it is told.
///
/// - Parameter settings: Further keys, as JSON without the braces.
func misbehave(_ orders: String..., settings: String = "") -> String {
    program([Places.product("misbehave")] + orders, settings: settings)
}

/// A program of a configuration that is a shell script.
func shell(_ script: String, settings: String = "") -> String {
    program(["/bin/sh", "-c", script], settings: settings)
}

func program(_ command: [String], settings: String = "") -> String {
    "{\"command\": \(json(command)), \(settings)}"
}
