import FoundationEssentials
import Supervision
import Testing

/// The schema takes what keepd takes, and has a word for each key.
@Suite struct SchemaTests {
    @Test func `every key of the tables is in the schema`() throws {
        let documents = KeyTable.rows.map { $0.configuration(value: $0.example ?? "null") }
        let problems = try Schema.problems(of: documents)
        #expect(zip(documents, problems).filter { !$0.1.isEmpty }.map { "\($0)" } == [])
    }

    @Test func `every example is valid`() throws {
        let documents = try ExamplesTests.names.map { name in
            String(decoding: try ExamplesTests.bytes(of: name), as: UTF8.self)
        }
        #expect(try Schema.problems(of: documents) == documents.map { _ in "" })
    }

    @Test func `a value of a wrong kind, and a key that is unknown, are refused by both`() throws {
        let values = KeyTable.rows.map { $0.configuration(value: #"[{"no": []}]"#) }
        let keys = KeyTable.rows.map { row in
            row.configuration(value: (row.example ?? "null") + #", "no": 1"#)
        }
        let problems = try Schema.problems(of: values + keys)
        for (document, problem) in zip(values + keys, problems) {
            #expect(!problem.isEmpty, "\(document)")
            #expect(!Disk(document).errors().isEmpty, "\(document)")
        }
    }

    @Test func `every property is explained, and known to keepd`() throws {
        let properties = try Schema.properties()
        #expect(properties.contains { $0.path == ["programs", "x", "limits", "memory"] })
        for property in properties {
            let name = property.path.joined(separator: ".")
            #expect(property.isDescribed, "\(name)")
            let errors = Disk(document(with: property.path)).errors()
            #expect(!errors.contains { $0.contains("no such key") }, "\(name): \(errors)")
        }
    }

    private func document(with path: [String]) -> String {
        path.reversed().reduce("null") { text, key in
            key == "[]" ? "[\(text)]" : "{\"\(key)\": \(text)}"
        }
    }

    @Test(arguments: [
        #"{"programs": {"web": {"command": "x", "ready": {"tcp": "a:1", "notify": true}}}}"#,
        #"{"programs": {"web": {"command": "x", "stop": {"timeout": "5 s"}}}}"#,
        #"{"programs": {"web": {"command": "x", "umask": "1777"}}}"#,
        #"{"programs": {"web": {"command": "x", "instances": 0}}}"#,
        #"{"programs": {"all": {"command": "x"}}}"#,
        #"{"programs": {"_": {"command": "x"}}}"#,
    ])
    func `what is refused for another reason is refused by both`(document: String) throws {
        #expect(try Schema.problems(of: [document]) != [""])
        #expect(Disk(document).errors() != [])
    }

    @Test func `a document may name its schema, and use variables anywhere`() throws {
        let document = """
            {
                "$schema": "keepd.schema.json",
                "programs": {"web": {
                    "command": "x ${PORT}", "umask": "${MASK:-022}",
                    "stop": {"timeout": "${PATIENCE:-5s}"}, "stdout": {"onFull": "block"}
                }}
            }
            """
        #expect(try Schema.problems(of: [document]) == [""])
        #expect(Disk(document).errors() == [])
    }
}
