import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// supervisord's own sample configuration, run by supervisord and by keepd.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct SupervisordSampleTests {
    private static let python = Places.file(".build/python")
    private static let environment = ["PYTHONPATH": python]

    /// Beside the sample's program, which has every setting that there is, some that have few.
    private static let more = """
        [program:plain]
        command=/bin/sleep 1000

        [program:pair]
        command=/bin/sh -c 'echo number %(process_num)d; pwd; echo to stderr >&2; exec sleep 1000'
        process_name=%(program_name)s_%(process_num)02d
        numprocs=2
        environment=PLACE="here, there",X=%(process_num)d
        directory=/usr
        stdout_logfile=%(here)s/%(program_name)s_%(process_num)d.log
        redirect_stderr=true

        [program:later]
        command=/bin/sleep 1000
        autostart=false

        [program:brief]
        command=/bin/sh -c 'echo done; sleep 1.5'
        stdout_logfile=%(here)s/brief.log

        [group:both]
        programs=theprogramname,plain

        """

    private let scratch = try? Scratch()

    private static func program(_ name: String) throws -> [String] {
        [try interpreter.get(), "\(python)/bin/\(name)"]
    }

    /// Python itself, and no script that puts things into the environment first.
    private static let interpreter = Result {
        try Run(["python3", "-c", "import sys; print(sys.executable, end='')"]).output
    }

    /// The sample with its program made real, in a directory of its own.
    ///
    /// - Returns: Its path.
    private func sample(in name: String) throws -> String {
        let scratch = try #require(scratch)
        let directory = try scratch.makePublicDirectory(name)
        let echo = try Self.program("echo_supervisord_conf")
        let sample = try Run(echo, environment: Self.environment).output
        let start = try #require(sample.range(of: ";[program:")?.lowerBound)
        let end = try #require(sample.range(of: "; The sample eventlistener")?.lowerBound)
        let section = sample[start..<end].split(separator: "\n").map { $0.dropFirst() }
            .joined(separator: "\n")
            .replacing("user=chrism", with: "user=nobody")
            .replacing("=/a/path", with: "=\(directory)/sample.log")
        let text = sample[..<start] + section + "\n\n" + Self.more + sample[end...]
        try scratch.write(
            text.replacing("/tmp/supervisor", with: "\(directory)/supervisor")
                .replacing(";childlogdir=/tmp ", with: "childlogdir=\(directory) "),
            to: "\(name)/supervisord.conf"
        )
        return "\(directory)/supervisord.conf"
    }

    /// By the number of `pair`, and by the name of others.
    private func key(_ program: String, _ number: Int?) -> String {
        program == "pair" ? "pair \(number ?? -1)" : program
    }

    private func factsUnderSupervisord() throws -> [String: Facts] {
        let path = try sample(in: "supervisord")
        let daemon = try StartedProcess(
            Self.program("supervisord") + ["-n", "-c", path],
            environment: Self.environment
        )
        var facts: [String: Facts] = [:]
        _ = try eventually("supervisord to have started all") { () -> Bool? in
            let lines = try Run(
                Self.program("supervisorctl") + ["-c", path, "status"],
                environment: Self.environment
            ).output.split(separator: "\n")
            facts = [:]
            for words in lines.map({ $0.split { " ,".contains($0) }.map(String.init) }) {
                let name = words[0].split(separator: ":").last.map(String.init) ?? ""
                let parts = name.split(separator: "_").map(String.init)
                let pid = words[1] == "RUNNING" ? Int32(words[3]).map(ProcessID.init) : nil
                facts[key(parts[0], parts.last.flatMap { Int($0) })] =
                    Facts(state: words[1], process: pid)
            }
            return facts.count == 6 && !facts.values.contains { $0.state == "STARTING" }
                && facts["brief"]?.state == "EXITED" ? true : nil
        }
        try daemon.send(.terminate)
        try daemon.waitForEnd()
        return facts
    }

    private func factsUnderKeepd() throws -> [String: Facts] {
        let path = try sample(in: "keepd")
        let scratch = try #require(scratch)
        let converted = try runKeepd("import", path)
        #expect(converted.status == .exited(0), "\(converted.error)")
        try scratch.write(converted.output, to: "keepd/keepd.json")
        let daemon = try RunningDaemon(
            configuration: scratch.path("keepd/keepd.json"),
            socketPath: scratch.path("keepd.sock"),
            scratch: scratch,
            arguments: ["--socket", scratch.path("keepd.sock")],
            environment: Self.environment
        )
        try daemon.waitForLog("brief: exited: exit code 0")
        for name in ["theprogramname", "plain", "pair:0", "pair:1"] {
            _ = try eventually("\(name) to run") {
                try daemon.status(of: name).state == .running ? true : nil
            }
        }
        var facts: [String: Facts] = [:]
        for program in try daemon.status() {
            facts[key(program.program, program.instance)] = Facts(
                state: program.state.rawValue.uppercased(),
                process: program.pid.map { ProcessID(rawValue: Int32($0)) }
            )
        }
        #expect(try daemon.end() == .exited(0))
        return facts
    }

    @Test func `the same runs, in the same way`() throws {
        let theirs = try factsUnderSupervisord()
        let ours = try factsUnderKeepd()
        #expect(Set(theirs.keys) == Set(ours.keys))
        for (name, expected) in theirs {
            #expect(ours[name] == expected, "\(name)")
        }
        let scratch = try #require(scratch)
        for file in ["sample.log", "pair_0.log", "pair_1.log", "brief.log"] {
            #expect(scratch.has("supervisord/\(file)"))
            #expect(scratch.bytes(of: "keepd/\(file)") == scratch.bytes(of: "supervisord/\(file)"))
        }
        #expect(scratch.text(of: "keepd/pair_1.log") == "number 1\n/usr\nto stderr\n")
    }
}
