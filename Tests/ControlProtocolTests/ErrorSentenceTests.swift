import ControlProtocol
import Testing

@Suite struct ErrorSentenceTests {
    @Test func `an error is a sentence for people`() {
        #expect(
            Samples.errors.map(\.description) == [
                "cannot call org.example: no such interface",
                "cannot call org.keepd.Control.Fly: no such method",
                "cannot call org.keepd.Control.Tail: not implemented",
                "cannot use parameter names: not valid",
                "cannot find wbe: no such program",
                "cannot take web for one instance: it is web:0, web:1",
                "cannot call org.keepd.Control.Shutdown: not allowed",
                "cannot start web: exit code 1",
                "cannot reach web: not running",
                "cannot wait for web: still starting after the timeout",
                "cannot change programs: keepd is shutting down",
                """
                cannot load the configuration:
                keepd.json:3:7: programs.web: unknown key "comand"
                keepd.json:9:1: not JSON
                """,
                "cannot apply: the plan is now 9f86d081884c7d65",
                "cannot remember it: cannot write /var/lib/keepd/enabled.json: no space left on device",
                """
                cannot execute keepd anew: the binary on disk cannot go on from here: exit code 71
                keepd: cannot read the state
                """,
                "cannot write to web: its stdin is not a pipe",
            ]
        )
        #expect(ControlError.unknown(name: "a.B").description == "cannot do it: a.B")
    }

    @Test func `a violation of the protocol is a sentence for people`() {
        let violations: [ProtocolViolation] = [
            .tooLong(bytesMax: 3), .notJSON, .notAnObject, .missing(field: "method"),
            .wrongType(field: "more"),
        ]
        #expect(
            violations.map(\.description) == [
                "cannot read message: longer than 3 bytes",
                "cannot read message: not JSON",
                "cannot read message: not a JSON object",
                "cannot read message: no field \"method\"",
                "cannot read message: wrong type of field \"more\"",
            ]
        )
    }
}
