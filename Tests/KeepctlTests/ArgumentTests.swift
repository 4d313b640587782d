import ArgumentParser
import ControlProtocol
import Testing

@testable import keepctl

@Suite struct ArgumentTests {
    @Test(arguments: [
        ["-s", "/s", "--json", "--color", "never", "status", "web"],
        ["status", "-s", "/s", "--json", "--color", "never", "web"],
        ["status", "web", "--socket", "/s", "--json", "--color", "never"],
        ["--json", "status", "web", "-s", "/s", "--color", "never"],
    ])
    func `global options stand before the command or after it`(arguments: [String]) throws {
        let status = try #require(try Keepctl.parseAsRoot(arguments) as? Keepctl.Status)
        #expect(status.global.socket == "/s")
        #expect(status.global.json)
        #expect(status.global.color == .never)
        #expect(status.names == ["web"])
    }

    @Test func `an order has its options beside the global ones`() throws {
        let arguments = ["-s", "/s", "restart", "a", "--no-wait", "b:*", "--timeout", "1.5s"]
        let restart = try #require(try Keepctl.parseAsRoot(arguments) as? Keepctl.Restart)
        #expect(restart.global.socket == "/s")
        #expect(restart.names == ["a", "b:*"])
        #expect(restart.patience.isNotWaiting)
        #expect(restart.patience.timeout == .milliseconds(1_500))
        #expect(!restart.isRolling)
    }

    @Test func `scale takes a number for each program`() throws {
        let arguments = ["scale", "web=1", "db=1024"]
        let scale = try #require(try Keepctl.parseAsRoot(arguments) as? Keepctl.Scale)
        #expect(scale.shares.map(\.program) == ["web", "db"])
        #expect(scale.shares.map(\.count) == [1, 1_024])
    }

    @Test func `wait is for readiness unless it is told otherwise`() throws {
        let plain = try #require(try Keepctl.parseAsRoot(["wait", "web"]) as? Keepctl.Wait)
        #expect(plain.aim == .ready && plain.timeout == nil)
        let arguments = ["wait", "web", "--for", "stopped", "--timeout", "2m"]
        let other = try #require(try Keepctl.parseAsRoot(arguments) as? Keepctl.Wait)
        #expect(other.aim == .stopped && other.timeout == .seconds(120))
    }

    @Test(arguments: [["-n", "5"], ["-n5"], ["--lines", "5"]])
    func `tail takes its number of lines as tail(1) does`(lines: [String]) throws {
        let arguments = ["tail", "-f"] + lines + ["web", "stderr"]
        let tail = try #require(try Keepctl.parseAsRoot(arguments) as? Keepctl.Tail)
        #expect(tail.lines == 5)
        #expect(tail.follow)
        #expect(tail.name == "web")
        #expect(tail.stream == .stderr)
    }

    @Test(arguments: [
        [], ["fly"], ["start"], ["stop"], ["restart"], ["clear"], ["tail"], ["signal", "HUP"],
        ["signal", "HOP", "web"], ["start", "web", "--timeout", "soon"],
        ["start", "web", "--timeout", "-1"], ["tail", "-n", "1", "-c", "1", "web"],
        ["tail", "web", "stdin"], ["scale"], ["scale", "web"], ["scale", "web=x"],
        ["scale", "web=-1"], ["scale", "=1"], ["scale", "web=1=2"], ["scale", "web=1", "web=2"],
        ["wait"], ["wait", "web", "--for", "rain"], ["enable"], ["disable"], ["history"],
        ["explain"], ["reload"], ["send", "web"], ["add"], ["remove"], ["events", "--since", "x"],
        ["status", "--colour"], ["--color", "often", "status"], ["scale", "web=0"],
        ["scale", "web=1025"], ["-H", "", "status"], ["status", "-H", ","], ["disable", "web:1"],
        ["enable", "web", "db:[01]"],
    ])
    func `wrong usage is exit status 64`(arguments: [String]) {
        #expect(exitStatus(arguments) == 64)
    }

    @Test(arguments: [["--help"], ["help"], ["help", "tail"], ["status", "-h"], ["--version"]])
    func `help is no failure`(arguments: [String]) {
        #expect(exitStatus(arguments) == 0)
    }

    @Test func `a number of instances is refused with those that there can be`() {
        let error = #expect(throws: (any Error).self) {
            try Keepctl.parseAsRoot(["scale", "db=2", "web=1025"])
        }
        let message = error.map { Keepctl.message(for: $0) } ?? ""
        #expect(message.contains("\"web=1025\": a program has 1 to 1024 instances"), "\(message)")
    }

    @Test func `one instance cannot be disabled, all of a group can`() throws {
        let error = #expect(throws: (any Error).self) {
            try Keepctl.parseAsRoot(["disable", "web:1"])
        }
        let message = error.map { Keepctl.message(for: $0) } ?? ""
        #expect(message.contains("say web for all that it has"), "\(message)")
        let names = ["web", "site:*", "w*"]
        let disable = try Keepctl.parseAsRoot(["disable"] + names) as? Keepctl.Disable
        #expect(disable?.names == names)
    }

    @Test func `a host is one, whatever commas there are`() throws {
        for text in ["db", "db,", ",db,db"] {
            let status = try Keepctl.parseAsRoot(["-H", text, "status"]) as? Keepctl.Status
            #expect(status?.global.host == "db")
        }
    }

    @Test(arguments: [
        (["stauts"], "There is no command 'stauts'. Did you mean 'status'?"),
        (["help", "nosuchcmd"], "There is no command 'nosuchcmd'."),
        (
            ["-s", "/s", "--json", "--color", "never", "strat", "web"],
            "There is no command 'strat'. Did you mean 'start'?"
        ),
        (["\u{1b}[2J"], #"There is no command '\x1b[2J'."#),
    ])
    func `what is no command is said to be none`(arguments: [String], message: String) {
        #expect(UnknownCommand(arguments)?.complaint.message == message)
    }

    @Test(arguments: [
        [], ["status", "stauts"], ["help", "status"], ["help"], ["bridge"], ["-H", "nosuch"],
        ["--generate-completion-script", "bash"], ["--version"],
    ])
    func `a command, or none, is not unknown`(arguments: [String]) {
        #expect(UnknownCommand(arguments) == nil)
    }

    @Test(arguments: [["stauts"], ["help", "nosuchcmd"]])
    func `what is no command is exit status 64`(arguments: [String]) async {
        let result = await #expect(
            processExitsWith: .exitCode(64),
            observing: [\.standardErrorContent]
        ) { [arguments] in Keepctl.carryOut(arguments) }
        let text = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) }
        #expect(text?.contains("There is no command") == true)
    }

    @Test(arguments: [
        ("500ms", 500), ("1.5s", 1_500), ("2m", 120_000), ("1h", 3_600_000), ("3", 3_000),
        ("0", 0),
    ])
    func `a time is read as the configuration reads it`(text: String, milliseconds: Int) throws {
        #expect(try Duration(parsing: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "s", "-1", "1d", "1 s", "1e9", "inf", "99999999999h", "1.2.3"])
    func `what is no time is refused`(text: String) {
        #expect(throws: ValidationError.self) { try Duration(parsing: text) }
    }

    private func exitStatus(_ arguments: [String]) -> Int32 {
        do {
            var command = try Keepctl.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch {
            return Keepctl.exitCode(for: error).rawValue
        }
    }
}
