import ControlProtocol
import Testing

@Suite struct CallTests {
    @Test func `a call says how it wants to be answered`() throws {
        let call = try Call(#"{"method":"a.B","more":true,"oneway":true,"upgrade":true}"#)
        #expect(call.method == "a.B")
        #expect(call.more && call.oneway && call.upgrade)
        let plain = try Call(#"{"method":"a.B"}"#)
        #expect(!plain.more && !plain.oneway && !plain.upgrade)
    }

    @Test(arguments: [
        (#"{"method":"a.B""#, ProtocolViolation.notJSON),
        ("", .notJSON),
        ("{\"method\":\"\u{1}\"}", .notJSON),
        ("[]", .notAnObject),
        ("3", .notAnObject),
        ("null", .notAnObject),
        ("{}", .missing(field: "method")),
        (#"{"method":3}"#, .wrongType(field: "method")),
        (#"{"method":null}"#, .wrongType(field: "method")),
        (#"{"method":"a.B","more":"yes"}"#, .wrongType(field: "more")),
    ])
    func `what is no call is refused, and why`(text: String, violation: ProtocolViolation) {
        #expect(throws: violation) { try Call(text) }
    }

    @Test func `bytes that are no UTF-8 are no call`() {
        let message = Array(#"{"method":""#.utf8) + [0xff] + Array("\"}".utf8)
        #expect(throws: ProtocolViolation.notJSON) { try Call(decoding: message) }
    }

    @Test(arguments: ["[", "{\"a\":", "{\"method\":\"a.B\",\"parameters\":["])
    func `a message of 1 MiB of brackets is an error, not a crash`(opening: String) {
        let bomb = String(repeating: opening, count: (1 << 20) / opening.utf8.count)
        #expect(throws: ProtocolViolation.self) { try Call(bomb) }
    }

    @Test func `parameters may be left out where all of them may`() throws {
        for text in [
            #"{"method":"x"}"#, #"{"method":"x","parameters":null}"#,
            #"{"method":"x","parameters":{}}"#,
        ] {
            #expect(try Call(text).parameters(as: Control.Status.self) == Control.Status())
        }
    }

    @Test(arguments: [
        ("{}", "names"),
        (#"{"names":null}"#, "names"),
        (#"{"names":"web"}"#, "names"),
        (#"{"names":["web",3]}"#, "names"),
        (#"{"names":["web"],"wait":1}"#, "wait"),
        (#"{"names":["web"],"timeout_ms":-1}"#, "timeout_ms"),
        (#"{"names":["web"],"timeout_ms":0.5}"#, "timeout_ms"),
        (#"{"names":["web"],"timeout":5}"#, "timeout"),
        ("[]", "parameters"),
        ("7", "parameters"),
    ])
    func `a parameter that is missing, wrong or unknown is named`(
        parameters: String,
        name: String
    ) throws {
        let call = try Call(#"{"method":"x","parameters":\#(parameters)}"#)
        #expect(throws: ControlError.invalidParameter(parameter: name)) {
            try call.parameters(as: Control.Start.self)
        }
    }

    @Test func `only a restart can be rolling`() throws {
        let call = try Call(#"{"method":"x","parameters":{"names":["web"],"rolling":true}}"#)
        #expect(try call.parameters(as: Control.Restart.self).rolling == true)
        let refusal = ControlError.invalidParameter(parameter: "rolling")
        #expect(throws: refusal) { try call.parameters(as: Control.Start.self) }
        #expect(throws: refusal) { try call.parameters(as: Control.Stop.self) }
    }

    @Test(arguments: [
        ("{}", "instances"), (#"{"instances":{"web":-1}}"#, "instances"),
        (#"{"instances":{"web":1.5}}"#, "instances"), (#"{"instances":["web"]}"#, "instances"),
        (#"{"instances":{"web":"4"}}"#, "instances"),
    ])
    func `what is no number of instances is refused`(parameters: String, name: String) throws {
        let call = try Call(#"{"method":"x","parameters":\#(parameters)}"#)
        #expect(throws: ControlError.invalidParameter(parameter: name)) {
            try call.parameters(as: Control.Scale.self)
        }
    }

    @Test(
        arguments: [
            (#"{"name":"a","text":"x"}"#, Array("x".utf8)),
            (#"{"name":"a","base64":"/w=="}"#, [0xff]),
            (#"{"name":"a","base64":"?"}"#, nil),
            (#"{"name":"a"}"#, nil),
            (#"{"name":"a","text":"x","base64":"/w=="}"#, nil),
        ] as [(String, [UInt8]?)]
    )
    func `input is text or base64, or there is none`(text: String, bytes: [UInt8]?) throws {
        let call = try Call(#"{"method":"x","parameters":\#(text)}"#)
        #expect(try call.parameters(as: Control.WriteStdin.self).bytes == bytes)
    }

    @Test func `a stream that no program has is an invalid parameter`() throws {
        let call = try Call(#"{"method":"x","parameters":{"name":"web","stream":"stdin"}}"#)
        #expect(throws: ControlError.invalidParameter(parameter: "stream")) {
            try call.parameters(as: Control.Tail.self)
        }
    }

    @Test func `a call without an answer says so on the wire`() throws {
        let bytes = Call.encode(Control.ReopenLogs(), oneway: true)
        #expect(try Call(decoding: bytes.dropLast()).oneway)
    }

    @Test(arguments: [
        ("org.keepd.Control.Fly", ControlError.methodNotFound(method: "org.keepd.Control.Fly")),
        ("org.example.Fly", .interfaceNotFound(interface: "org.example")),
        ("Fly", .interfaceNotFound(interface: "Fly")),
        ("", .interfaceNotFound(interface: "")),
        ("org.keepd.Control", .interfaceNotFound(interface: "org.keepd")),
        ("org.keepd.Control.", .methodNotFound(method: "org.keepd.Control.")),
    ])
    func `a method that does not exist is told from an interface that does not`(
        name: String,
        error: ControlError
    ) {
        #expect(throws: error) { try Method(named: name) }
    }

    @Test(arguments: Method.allCases)
    func `a method is found by its name`(method: Method) throws {
        #expect(try Method(named: method.rawValue) == method)
    }
}

extension Call {
    fileprivate init(_ text: String) throws {
        try self.init(decoding: Array(text.utf8))
    }
}
