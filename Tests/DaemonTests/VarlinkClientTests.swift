import ControlProtocol
import Foundation
import SystemTypes
import Testing

/// The control socket, spoken to by a client that somebody else has written.
@Suite(
    .wholeProgram,
    .timeLimit(.minutes(10)),
    .enabled(if: VarlinkClient.isThere, "needs Python's varlink: scripts/setup test")
)
struct VarlinkClientTests {
    @Test func `the daemon introduces itself and describes its interface`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        let answer = try VarlinkClient.run(
            """
            info = client.open("org.varlink.service").GetInfo()
            print(info["product"], sorted(info["interfaces"]))
            print(client.get_interface("org.keepd.Control").description, end="")
            """,
            on: daemon
        )
        let lines = answer.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        #expect(lines[0] == "keepd ['org.keepd.Control', 'org.varlink.service']")
        #expect(String(lines[1]) == Interface.control.description)
    }

    @Test func `programs are looked at, stopped and started`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        let answer = try VarlinkClient.run(
            """
            web = control.Status(["web"])["programs"][0]
            print(web["state"], web["pid"] > 1, web["restarts"], web["log_bytes"]["stdout"])
            print(control.Stop(["web"])["outcomes"][0]["state"])
            print(control.Status(None)["programs"][0]["last_exit"]["signal"])
            print(control.Start(["web"])["outcomes"][0]["state"])
            """,
            on: daemon
        )
        #expect(
            answer.split(separator: "\n") == [
                "running True 0 0", "stopped", "TERM", "running",
            ]
        )
    }

    @Test func `a program is followed in several replies`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--line", "hello")])
        try daemon.process.output.waitForLine("hello") { $0 == "web | hello" }
        let answer = try VarlinkClient.run(
            """
            for reply in control.Tail("web", "stdout", 10, None, True, _more=True):
                print(reply["text"], end="")
                break
            """,
            on: daemon
        )
        #expect(answer == "hello\n")
    }

    @Test func `an error comes with its parameters`() throws {
        let settings = #""autostart": false, "restart": "never""#
        let daemon = try RunningDaemon(
            ["bad": misbehave("--line", "alas", "--exit-code", "3", settings: settings)],
            settle: "30s"
        )
        let answer = try VarlinkClient.run(
            """
            for call, name in ((control.Start, "bad"), (control.Stop, "nobody")):
                try:
                    call([name])
                except varlink.VarlinkError as error:
                    print(error.error(), error.parameters())
            """,
            on: daemon
        )
        let lines = answer.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("org.keepd.Control.StartFailed {"))
        for part in ["'cause': 'exit'", "'message': 'exit code 3'", "'name': 'bad'", "['alas']"] {
            #expect(lines[0].contains(part), "\(lines[0])")
        }
        #expect(lines[1] == "org.keepd.Control.NoSuchProgram {'name': 'nobody'}")
    }
}

/// The package `varlink` of PyPI.
private enum VarlinkClient {
    private static let environment = ["PYTHONPATH": Places.file(".build/python")]

    static let isThere =
        (try? Run(["python3", "-c", "import varlink"], environment: environment))?.status
        == .exited(0)

    /// Runs a script that finds a `client`, and a connection `control`.
    ///
    /// - Returns: What it printed.
    static func run(_ script: String, on daemon: RunningDaemon) throws -> String {
        let head = """
            import sys, varlink
            client = varlink.Client("unix:" + sys.argv[1])
            control = client.open("org.keepd.Control")

            """
        let command = ["python3", "-c", head + script, daemon.socketPath]
        let run = try Run(command, environment: environment)
        try #require(run.status == .exited(0), "\(run.error)")
        return run.output
    }
}
