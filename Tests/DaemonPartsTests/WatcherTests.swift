import Foundation
import LinuxSystem
import Logging
import Reactor
import ReactorTesting
import Supervision
import Testing

@testable import Daemon

/// When a change of files becomes a restart, in virtual time.
@Suite(.timeLimit(.minutes(5))) struct WatcherTests {
    private let simulated: SimulatedLoop
    private let watcher: ProgramWatcher
    private let directory: URL

    init() throws {
        simulated = try SimulatedLoop()
        watcher = ProgramWatcher(loop: simulated.loop, logger: Logger(label: "watcher"))
        directory = FileManager.default.temporaryDirectory
            .appending(path: "keepd-watcher-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    /// Runs `body` with the names of those that were reported so far.
    private func witness(
        _ programs: [String: [String]],
        _ body: (_ reports: () -> [String]) throws -> Void
    ) throws {
        var reports: [String] = []
        watcher.onChange = { reports.append($0) }
        for (name, files) in programs { watch(name, files) }
        try body { reports }
        watcher.close()
        simulated.loop.close()
        try FileManager.default.removeItem(at: directory)
    }

    private func watch(_ name: String, _ files: [String]) {
        var program = ProgramConfiguration(name: name, command: ["true"])
        program.instances = 2
        program.watch = files.map { file in
            let path = directory.appending(path: file).path
            return Template(pieces: path.components(separatedBy: "N"))
        }
        watcher.watch(program)
    }

    /// What a person does in the directory.
    private func run(_ script: String) throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", script]
        shell.currentDirectoryURL = directory
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
    }

    @Test(arguments: [
        (
            pattern: "g/*.yml", first: "mkdir g; touch g/a.yml",
            then: ["touch g/b.yml", "echo x >> g/b.yml", "rm g/a.yml", "mv g/b.yml g/c.yml"],
            other: "touch g/c.txt; echo x > d"
        ),
        (
            pattern: "*/*.yml", first: "mkdir e",
            then: ["touch e/a.yml", "mkdir f; touch f/b.yml", "echo x >> f/b.yml", "rm -r f"],
            other: "mkdir g; touch g/a"
        ),
        (
            pattern: "none/at/all", first: "true",
            then: ["mkdir -p none/at; touch none/at/all", "echo x > none/at/all"], other: "mkdir a"
        ),
        (
            pattern: "c/a", first: "mkdir c; touch c/a",
            then: ["rm -r c", "mkdir c; touch c/a", "echo x > c/a"], other: "touch c/b"
        ),
        (
            pattern: "link", first: "touch a b; ln -s a link",
            then: ["echo x > a", "ln -sfn b link", "echo x > b"], other: "echo y > a"
        ),
        (
            pattern: "now/file", first: "mkdir 1 2; touch 1/file 2/file; ln -s 1 now",
            then: ["echo x > 1/file", "ln -sfn 2 now", "echo x > 2/file"], other: "echo y > 1/file"
        ),
        (
            pattern: "dir", first: "true", then: ["mkdir dir", "touch dir/a", "rm -r dir"],
            other: "touch a"
        ),
        (
            pattern: "iN", first: "touch i0 i1", then: ["echo x > i0", "echo x > i1"],
            other: "touch i2"
        ),
    ])
    func `what a pattern matches is seen whatever becomes of it`(
        pattern: String,
        first: String,
        then: [String],
        other: String
    ) throws {
        try run(first)
        try witness(["web": [pattern]]) { reports in
            for (count, script) in then.enumerated() {
                try run(script)
                simulated.advance(by: .seconds(1))
                #expect(reports().count == count + 1, "\(script)")
            }
            try run(other)
            simulated.advance(by: .seconds(1))
            #expect(reports().count == then.count, "\(other)")
        }
    }

    private func write(_ name: String) throws {
        try Data("new".utf8).write(to: directory.appending(path: name))
    }

    @Test func `a change is reported half a second later, once`() throws {
        try witness(["web": ["a"]]) { reports in
            try write("a")
            simulated.advance(by: .milliseconds(499))
            #expect(reports() == [])
            simulated.advance(by: .milliseconds(1))
            #expect(reports() == ["web"])
            simulated.advance(by: .seconds(3_600))
            #expect(reports() == ["web"])
            try write("a")
            simulated.advance(by: .milliseconds(500))
            #expect(reports() == ["web", "web"])
        }
    }

    @Test func `changes in quick succession are one, told when there is quiet`() throws {
        try witness(["web": ["a", "b"]]) { reports in
            for name in ["a", "b", "a", "a", "b"] {
                try write(name)
                simulated.advance(by: .milliseconds(499))
            }
            #expect(reports() == [])
            simulated.advance(by: .milliseconds(1))
            #expect(reports() == ["web"])
        }
    }

    @Test func `each program has a quiet of its own, and other files are nobody's`() throws {
        try witness(["web": ["a"], "db": ["b"]]) { reports in
            try write("a")
            simulated.advance(by: .milliseconds(300))
            try write("b")
            simulated.advance(by: .milliseconds(200))
            #expect(reports() == ["web"])
            try write("c")
            simulated.advance(by: .milliseconds(300))
            #expect(reports() == ["web", "db"])
            simulated.advance(by: .seconds(1))
            #expect(reports() == ["web", "db"])
        }
    }

    @Test func `who is forgotten meanwhile, or watches something else now, is not restarted`()
        throws
    {
        try witness(["web": ["a"], "db": ["b"]]) { reports in
            try write("a")
            try write("b")
            simulated.advance(by: .milliseconds(499))
            watcher.forget("web")
            watch("db", ["c"])
            simulated.advance(by: .seconds(1))
            #expect(reports() == [])
            try write("b")
            simulated.advance(by: .seconds(1))
            #expect(reports() == [])
            try write("c")
            simulated.advance(by: .seconds(1))
            #expect(reports() == ["db"])
        }
    }
}
