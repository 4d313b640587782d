import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// How the daemon starts, or says why it does not.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct StartTests {
    private static let broken = """
        {
          "programs": {
            "web": {
              "command": ["true"],
              "autosart": true,
              "stop": {"signal": "TREM"}
            },
            "no good": {"command": ["true"]},
            "db": {"command": ["true"], "instances": "many"}
          }
        }
        """

    /// Where each error is, and what it is about.
    private static let errors = [
        (":5:7: ", "autosart"), (":6:26: ", "TREM"), (":8:5: ", "no good"),
        (":9:46: ", "instances"),
    ]

    @Test(arguments: [[], ["check"]])
    func `all errors of a broken configuration are told, each with its place`(
        command: [String]
    ) throws {
        let scratch = try Scratch()
        try scratch.write(Self.broken, to: "keepd.json")
        let path = scratch.path("keepd.json")
        let run = try Run([Places.product("keepd")] + command + ["--config", path])
        #expect(run.status == .exited(78))
        #expect(run.output == "")
        let lines = run.error.split(separator: "\n").filter { $0.hasPrefix(path) }
        #expect(lines.count == Self.errors.count, "\(run.error)")
        for ((place, subject), line) in zip(Self.errors, lines) {
            #expect(line.hasPrefix(path + place) && line.contains(subject), "\(line)")
        }
        #expect(run.error.contains(#"did you mean "TERM"?"#))
        #expect(run.error.contains(#"did you mean "autostart"?"#))
    }

    @Test func `check counts the programs and starts none`() throws {
        let scratch = try Scratch()
        let program = misbehave("--append", scratch.path("started"), "x")
        try scratch.write(
            #"{"daemon": {"socket": {"path": "keepd.sock"}}, "programs": {"one": \#(program), "two": \#(program)}}"#,
            to: "keepd.json"
        )
        let run = try runKeepd("check", "--config", scratch.path("keepd.json"))
        #expect(run.status == .exited(0) && run.error == "")
        #expect(run.output == "ok: 2 programs\n")
        #expect(!scratch.has("started") && !scratch.has("keepd.sock"))
    }

    @Test func `a configuration that is not there is an error of its own`() throws {
        let run = try runKeepd("--config", "/nowhere/keepd.json")
        #expect(run.status == .exited(78))
        #expect(run.error.contains("/nowhere/keepd.json"))
        #expect(run.error.contains("no such file or directory"))
    }

    @Test(arguments: [["--no-such-option"], ["no-such-command"], ["--log-level", "loud"]])
    func `a command line that nobody understands ends with 64`(arguments: [String]) throws {
        let run = try Run([Places.product("keepd")] + arguments)
        #expect(run.status == .exited(64))
        #expect(run.output == "" && run.error != "")
    }

    @Test func `a configuration in the working directory is found`() throws {
        let scratch = try Scratch()
        try scratch.write(#"{"programs": {"one": {"command": "true"}}}"#, to: "keepd.json")
        #expect(try runKeepd("check", directory: scratch.path).output == "ok: 1 programs\n")
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0, "only root has something to protect"))
    func `a configuration that anybody may write is not run as root`() throws {
        let scratch = try Scratch()
        try scratch.write(#"{"programs": {"one": {"command": "true"}}}"#, to: "keepd.json")
        try #require(chmod(scratch.path("keepd.json"), 0o666) == 0)
        let run = try runKeepd("check", "--config", scratch.path("keepd.json"))
        #expect(run.status == .exited(78) && run.error.contains("keepd.json"))
    }

    @Test func `a second daemon on the socket leaves the first one alone`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        let pid = try daemon.start("web").first?.pid
        let run = try runKeepd("--config", daemon.scratch.path("keepd.json"))
        #expect(run.status == .exited(75))
        #expect(run.error.contains("cannot listen on \(daemon.socketPath): another daemon does"))
        #expect(try daemon.status(of: "web").pid == pid)
        #expect(
            try daemon.connect().call(Control.Version()).pid == Int(daemon.process.process.rawValue)
        )
    }

    @Test func `a socket that cannot be made ends with 73`() throws {
        let scratch = try Scratch()
        try scratch.write("", to: "file")
        try scratch.write(
            #"{"daemon": {"socket": {"path": "file/keepd.sock"}}, "programs": {}}"#,
            to: "keepd.json"
        )
        let run = try runKeepd("--config", scratch.path("keepd.json"))
        #expect(run.status == .exited(73))
        #expect(run.error.contains("cannot listen on \(scratch.path("file/keepd.sock"))"))
    }

    @Test(arguments: ["logDirectory", "stateDirectory"])
    func `a directory that cannot be made ends with 73, and leaves no socket`(
        key: String
    ) throws {
        let scratch = try Scratch()
        try scratch.write("", to: "file")
        let settings = "\"socket\": {\"path\": \"keepd.sock\"}, \(json(key)): \"file/log\""
        try scratch.write("{\"daemon\": {\(settings)}, \"programs\": {}}", to: "keepd.json")
        let run = try runKeepd("--config", scratch.path("keepd.json"))
        #expect(run.status == .exited(73))
        #expect(run.error.contains("cannot make \(scratch.path("file/log"))"))
        #expect(!scratch.has("keepd.sock"))
    }

    @Test func `a socket that a daemon left behind is taken over`() throws {
        let first = try RunningDaemon(["web": misbehave("--pause")])
        first.process.kill()
        #expect(first.scratch.has("keepd.sock"))
        let second = try RunningDaemon(["web": misbehave("--pause")], scratch: first.scratch)
        #expect(try second.status().count == 1)
    }

    @Test func `a file that is no socket is not taken over`() throws {
        let scratch = try Scratch()
        try scratch.write("precious", to: "keepd.sock")
        try scratch.write(
            #"{"daemon": {"socket": {"path": "keepd.sock"}}, "programs": {}}"#,
            to: "keepd.json"
        )
        #expect(try runKeepd("--config", scratch.path("keepd.json")).status == .exited(73))
        #expect(scratch.text(of: "keepd.sock") == "precious")
    }

    @Test(arguments: [
        ("", UInt32(0o660)), (#", "mode": "0666""#, 0o666), (#", "mode": "0600""#, 0o600),
    ])
    func `the socket has the mode that the configuration says`(setting: String, mode: UInt32) throws
    {
        let daemon = try RunningDaemon([:], socket: #""path": "keepd.sock""# + setting)
        #expect(Files.mode(of: daemon.socketPath) == mode)
    }
}
