import Foundation
import Testing

@testable import Supervision

/// `config/keepd.schema.json`, and a public validator of such schemas.
enum Schema {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static var path: String { root.appending(path: "config/keepd.schema.json").path }

    /// Why each of the documents is not valid; empty for those that are.
    static func problems(of documents: [String]) throws -> [String] {
        let plain = try documents.map { try JSONParser.parse(Array($0.utf8), file: "").plainText }
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "validate.py").path
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script, path]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PYTHONPATH": root.appending(path: ".build/python").path]
        ) { $1 }
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // It reads all before it writes.
        input.fileHandleForWriting.write(Data("[\(plain.joined(separator: ","))]".utf8))
        try input.fileHandleForWriting.close()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        try #require(lines.count == documents.count, "python3 has failed: see stderr")
        return lines.map(String.init)
    }

    /// A property of the schema, by the keys that lead to it.
    struct Property: Sendable {
        let path: [String]
        let isDescribed: Bool
    }

    /// All of them; of objects whose keys are the user's, those of `x`.
    static func properties() throws -> [Property] {
        let bytes = try Array(Data(contentsOf: URL(filePath: path)))
        let schema = try JSONParser.parse(bytes, file: "")
        return schema.properties(at: [], in: schema)
    }
}

extension JSON {
    fileprivate func properties(at path: [String], in schema: JSON) -> [Schema.Property] {
        guard case .object(let members) = content else { return [] }
        return members.flatMap { member -> [Schema.Property] in
            switch (member.key, member.value.content) {
            case ("properties", .object(let properties)):
                properties.flatMap { property in
                    let path = path + [property.key]
                    let own = Schema.Property(
                        path: path,
                        isDescribed: property.value["description"] != nil
                    )
                    return [own] + property.value.properties(at: path, in: schema)
                }
            case ("additionalProperties", .object):
                member.value.properties(at: path + ["x"], in: schema)
            case ("items", .object):
                member.value.properties(at: path + ["[]"], in: schema)
            case ("anyOf", .array(let choices)):
                choices.flatMap { $0.properties(at: path, in: schema) }
            case ("$ref", .string(let reference)):
                reference.split(separator: "/").dropFirst().reduce(schema as JSON?) { json, key in
                    json?[String(key)]
                }?.properties(at: path, in: schema) ?? []
            default: []
            }
        }
    }

    fileprivate subscript(key: String) -> JSON? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// Without comments and what else only keepd understands.
    fileprivate var plainText: String {
        switch content {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let text): text
        case .string(let text): text.jsonText
        case .array(let elements): "[\(elements.map(\.plainText).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "\($0.key.jsonText):\($0.value.plainText)" }.joined(separator: ","))}"
        }
    }
}
