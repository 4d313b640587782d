import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// Questions are answered whatever programs do.
///
/// How soon is measured by `make measure`, as promise 5.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct AnswerTests {
    private static let nuisances: KeyValuePairs<String, String> = [
        "crashes": shell(
            "exit 1",
            settings: #""restart": {"backoff": {"initial": "10ms", "max": "10ms"}}"#
        ),
        "floods": program(["yes"], settings: #""stdout": {"file": "flood", "maxSize": "1MiB"}"#),
        "is-deaf": misbehave(
            "--ignore",
            "TERM",
            "--line",
            "deaf",
            settings: #""ready": {"log": "deaf"}, "stop": {"timeout": "50m"}"#
        ),
        "is-halted": misbehave("--kill-self", "STOP"),
        "is-slow": misbehave(settings: #""start": {"settle": "50m"}"#),
        "leaves-strays": misbehave("--daemonize", "--exit-code", "0"),
        "hangs-when-asked": misbehave(
            settings: """
                "ready": {"exec": ["sleep", "1000"], "interval": "10ms", "timeout": "10ms"},
                "start": {"timeout": "50m"}
                """
        ),
    ]

    @Test func `status is right and soon, among programs that are each a nuisance in its way`()
        throws
    {
        let daemon = try RunningDaemon(Self.nuisances)
        try daemon.start("is-deaf")
        _ = try daemon.call(Control.Stop(names: ["is-deaf"], wait: false))
        let names = Self.nuisances.map(\.key).sorted()
        var times: [Duration] = []
        for _ in 0..<100 {
            let begin = Instant.now
            #expect(try daemon.status().map(\.name) == names)
            times.append(Instant.now - begin)
        }
        // Twenty times what is promised of a machine that does nothing else.
        #expect(times.sorted()[times.count / 2] < .seconds(1))
        #expect(try daemon.status(of: "is-deaf").state == .stopping)
        #expect(try daemon.status(of: "hangs-when-asked").state == .starting)
        #expect(try daemon.status(of: "is-slow").state == .starting)
        #expect(try daemon.status(of: "crashes").restarts > 0)
        _ = try daemon.call(Control.Signal(names: ["is-deaf"], signal: "KILL"))
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }
}
