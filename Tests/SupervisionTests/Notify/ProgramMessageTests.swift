import Supervision
import SystemTypes
import Testing

@Suite struct ProgramMessageTests {
    private func parse(_ text: String) -> [ProgramMessage] {
        parse(Array(text.utf8))
    }

    private func parse(_ bytes: [UInt8]) -> [ProgramMessage] {
        ProgramMessage.parse(bytes.span.bytes)
    }

    @Test(
        arguments: [
            ("READY=1", .ready), ("RELOADING=1", .reloading), ("STOPPING=1", .stopping),
            ("STATUS=serving", .status("serving")), ("STATUS=", .status("")),
            ("STATUS=a=b", .status("a=b")), ("WATCHDOG=1", .alive),
            ("WATCHDOG=trigger", .watchdogTriggered),
            ("EXTEND_TIMEOUT_USEC=1500000", .extendTimeout(.seconds(1.5))),
            ("MAINPID=42", .mainProcess(ProcessID(rawValue: 42))),
        ] as [(String, ProgramMessage)]
    )
    func `each thing that a program can say is understood`(text: String, message: ProgramMessage) {
        #expect(parse(text) == [message])
        #expect(parse(text + "\n") == [message])
    }

    @Test(arguments: [
        "", "\n\n", "READY", "READY=0", "READY= 1", "ready=1", "WATCHDOG=0", "WATCHDOG_USEC=5",
        "FDSTORE=1", "X_OWN=1", "=1", "EXTEND_TIMEOUT_USEC=-1", "EXTEND_TIMEOUT_USEC=+1",
        "EXTEND_TIMEOUT_USEC=", "EXTEND_TIMEOUT_USEC=99999999999999999999", "MAINPID=0",
        "MAINPID=-5", "MAINPID=4294967298", "MAINPID=x",
    ])
    func `what says nothing that keepd knows is left out`(text: String) {
        #expect(parse(text) == [])
    }

    @Test func `one datagram may say several things, in their order`() {
        #expect(
            parse("STATUS=up\nX=1\nREADY=1\n\nMAINPID=7")
                == [.status("up"), .ready, .mainProcess(ProcessID(rawValue: 7))]
        )
    }

    @Test func `a line that is no text spoils no other`() {
        let bytes = Array("STATUS=".utf8) + [0xFF, 0xFE] + Array("\nREADY=1".utf8)
        #expect(parse(bytes) == [.ready])
    }

    @Test func `a datagram that is too long says nothing`() {
        let fits = "READY=1\n" + String(repeating: "x", count: ProgramMessage.bytesMax - 8)
        #expect(parse(fits) == [.ready])
        #expect(parse(fits + "x") == [])
    }

    @Test func `a status cannot move the cursor of whoever reads it, nor fill the screen`() {
        #expect(parse("STATUS=a\u{1B}[2Jb\rc\u{202E}d") == [.status("a [2Jb c d")])
        #expect(parse("STATUS=grün 🚀") == [.status("grün 🚀")])
        let long = String(repeating: "ä", count: 2_000)
        #expect(parse("STATUS=" + long) == [.status(String(long.prefix(512)))])
    }

    @Test(arguments: 0..<64)
    func `no bytes whatever are more than it can take`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let words = [
            "READY", "=", "1", "\n", "MAINPID", "STATUS", "\0", "-", "EXTEND_TIMEOUT_USEC",
        ]
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                bytes +=
                    Bool.random(using: &random)
                    ? Array(words.randomElement(using: &random)?.utf8 ?? "".utf8)
                    : [UInt8.random(in: .min ... .max, using: &random)]
            }
            for case .status(let text) in parse(bytes) {
                #expect(!text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 })
            }
        }
    }
}
