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
        program.watch = files.map { Template(pieces: [directory.appending(path: $0).path]) }
        watcher.watch(program)
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
