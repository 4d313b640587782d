import ArgumentParser

/// A name where instances cannot be told apart.
enum ProgramName {
    static func parse(_ text: String) throws -> String {
        guard let colon = text.firstIndex(of: ":"), !text.hasSuffix(":*") else { return text }
        let program = text[..<colon]
        throw ValidationError(
            "cannot use \"\(text)\": that is one instance; say \(program) for all that it has"
        )
    }
}
