import Testing

@testable import ControlProtocol

@Suite struct ReplyTests {
    @Test func `an absent value of a program is null, not missing`() throws {
        let program = try JSON.decode(
            JSONValue.self,
            from: JSON.encode(Samples.stoppedProgram)
        )
        for key in [
            "healthy", "pid", "uptime", "last_exit", "next_attempt", "status_text",
            "memory_bytes", "cpu_seconds", "description",
        ] {
            #expect(program[key] == .null, "\(key)")
        }
    }

    @Test func `no message holds a NUL byte but the last`() {
        for sample in Samples.all {
            #expect(sample.bytes.firstIndex(of: 0) == sample.bytes.count - 1, "\(sample.name)")
        }
    }

    static let printed: [[UInt8]] = [
        [], Array("plain\n".utf8), [0], [0xff, 0x00, 0xfe], Array("\u{1F600}".utf8.dropLast()),
        Array(0...255),
    ]

    @Test(arguments: printed)
    func `what a program printed arrives byte for byte`(bytes: [UInt8]) throws {
        let message = Reply.encode(Control.Tail.Answer(bytes: bytes)).dropLast()
        let answer = try Reply(decoding: Array(message)).answer(as: Control.Tail.Answer.self)
        #expect(answer.bytes == bytes)
    }

    @Test func `seconds have three digits`() throws {
        var program = Samples.runningProgram
        program.uptime = Seconds(rawValue: 1.0 / 3)
        let value = try JSON.decode(JSONValue.self, from: JSON.encode(program))
        #expect(value["uptime"] == .float(0.333))
    }

    @Test func `an error that this version does not know keeps its name`() throws {
        let reply = try Reply(#"{"error":"org.keepd.Control.Rusty","parameters":{"at":1}}"#)
        #expect(reply.error == .unknown(name: "org.keepd.Control.Rusty"))
    }

    @Test func `a field that this version does not know is passed over`() throws {
        let reply = try Reply(#"{"parameters":{"names":["a"],"colour":"red"},"new":true}"#)
        #expect(try reply.answer(as: Names.self) == Names(names: ["a"]))
    }

    @Test(arguments: [
        ("3", ProtocolViolation.notAnObject),
        (#"{"error":3}"#, .wrongType(field: "error")),
        (#"{"error":"org.keepd.Control.NotRunning"}"#, .missing(field: "parameters.name")),
    ])
    func `what is no reply is refused, and why`(text: String, violation: ProtocolViolation) {
        #expect(throws: violation) { try Reply(text) }
    }

    @Test func `a reply without what was asked for is refused`() throws {
        let reply = try Reply(#"{"parameters":{}}"#)
        #expect(throws: ProtocolViolation.missing(field: "parameters.names")) {
            try reply.answer(as: Names.self)
        }
        let empty = try Reply("{}")
        #expect(throws: ProtocolViolation.missing(field: "parameters")) {
            try empty.answer(as: Names.self)
        }
    }

    @Test func `an interface is described by its file`() throws {
        let known = Service.InterfaceDescription(interface: "org.keepd.Control")
        #expect(try known.answer().description.contains("interface org.keepd.Control\n"))
        let unknown = Service.InterfaceDescription(interface: "org.example")
        #expect(throws: ControlError.interfaceNotFound(interface: "org.example")) {
            try unknown.answer()
        }
    }
}

extension Reply {
    fileprivate init(_ text: String) throws {
        try self.init(decoding: Array(text.utf8))
    }
}
