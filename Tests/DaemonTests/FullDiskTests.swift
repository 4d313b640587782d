import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// A disk that is full holds up what logs there, and nothing else.
@Suite(
    .wholeProgram,
    .timeLimit(.minutes(10)),
    .enabled(if: SmallDisk.isAvailable, "needs root, who may mount a tmpfs")
)
struct FullDiskTests {
    private static let settings = #""autostart": false, "restart": "never","#

    @Test func `a full disk stalls a log until there is room, and loses nothing of it`() throws {
        let scratch = try Scratch()
        let disk = try SmallDisk(at: scratch.makePublicDirectory("disk"), size: "2m")
        defer { disk.unmount() }
        try scratch.write(String(repeating: "x", count: 1_500_000), to: "disk/filler")
        let daemon = try RunningDaemon(
            [
                "stuck": misbehave(
                    "--print",
                    "1MB",
                    "--exit-code",
                    "0",
                    settings: Self.settings + "\"stdout\": \(json(scratch.path("disk/stuck.log")))"
                ),
                "free": misbehave(
                    "--print",
                    "1MB",
                    "--exit-code",
                    "0",
                    settings: Self.settings + #""stdout": "free.log""#
                ),
            ],
            scratch: scratch
        )
        try daemon.start("stuck")
        try daemon.process.error.waitForLine("of the full disk") {
            $0.contains("disk/stuck.log: no space left on device")
        }

        // Supervision does not notice, nor do other logs.
        #expect(try daemon.status(of: "stuck").state == .running)
        try daemon.start("free")
        try daemon.waitForLog("free: exited: exit code 0")
        #expect(scratch.size(of: "log/free.log") == 1_000_000)
        let before = scratch.size(of: "disk/stuck.log")
        #expect(before > 0 && before < 1_000_000)

        try Files.remove(scratch.path("disk/filler"))
        try daemon.waitForLog("stuck: exited: exit code 0")
        #expect(scratch.size(of: "disk/stuck.log") == 1_000_000)
        let lines = scratch.lines(of: "disk/stuck.log")
        #expect(lines.enumerated().allSatisfy { $1.hasPrefix(padded($0 + 1)) })
        try daemon.waitForLog("writing \(scratch.path("disk/stuck.log")) again")
    }

    /// The number as `misbehave --print` has it.
    private func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: " ", count: 10 - digits.count) + digits + " "
    }

    @Test(arguments: [true, false])
    func `what a full disk has not taken outlives keepd`(isKilled: Bool) throws {
        let scratch = try Scratch()
        let disk = try SmallDisk(at: scratch.makePublicDirectory("disk"), size: "1m")
        defer { disk.unmount() }
        try scratch.write(String(repeating: "x", count: 900_000), to: "disk/filler")
        let settings = Self.settings + "\"stdout\": \(json(scratch.path("disk/stuck.log")))"
        let daemon = try RunningDaemon(
            ["stuck": misbehave("--print", "600KB", "--exit-code", "0", settings: settings)],
            scratch: scratch,
            arguments: ["--holder"]
        )
        try daemon.start("stuck")
        try daemon.process.error.waitForLine("of the full disk") {
            $0.contains("disk/stuck.log: no space left on device")
        }
        let descriptors = "/proc/\(daemon.process.process)/fd"
        _ = try eventually("that the holder has what waits") {
            try FileManager.default.contentsOfDirectory(atPath: descriptors).first {
                let file = "\(descriptors)/\($0)"
                return (try? FileManager.default.destinationOfSymbolicLink(atPath: file))?
                    .contains("keepd-backlog") ?? false
            }
        }
        // Twice, for the second has it from the first.
        for _ in 0..<2 {
            if isKilled {
                try daemon.withoutKeepd {}
            } else {
                _ = try daemon.connect().call(Control.Reexec())
            }
        }

        try Files.remove(scratch.path("disk/filler"))
        try daemon.waitForLog("stuck: exited: exit code 0")
        let lines = scratch.lines(of: "disk/stuck.log")
        #expect(scratch.size(of: "disk/stuck.log") == 600_000)
        #expect(lines.enumerated().allSatisfy { $1.hasPrefix(padded($0 + 1)) })
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `a program on a full disk can be stopped, and so can the daemon`() throws {
        let scratch = try Scratch()
        let disk = try SmallDisk(at: scratch.makePublicDirectory("disk"), size: "1m")
        defer { disk.unmount() }
        let program = misbehave(
            "--print",
            "10MB",
            settings: "\"stdout\": \(json(scratch.path("disk/stuck.log")))"
        )
        let daemon = try RunningDaemon(["one": program, "two": program], scratch: scratch)
        try daemon.process.error.waitForLine("of the full disk") { $0.contains("no space left") }
        #expect(try daemon.stop("one").map(\.state) == [.stopped])
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }
}

/// A tmpfs of its own.
private struct SmallDisk {
    private let path: String

    static let isAvailable = Accounts.effectiveUser == 0 && canMount

    /// Root in a container may not be allowed to.
    private static let canMount: Bool = {
        guard let scratch = try? Scratch(),
            let disk = try? SmallDisk(at: scratch.path, size: "1m")
        else { return false }
        disk.unmount()
        return true
    }()

    init(at path: String, size: String) throws {
        self.path = path
        let options = "size=\(size),mode=0777"
        let mount = try StartedProcess(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path])
        guard try mount.waitForEnd() == .exited(0) else { throw NeverHappened("a mount") }
    }

    func unmount() {
        _ = try? StartedProcess(["umount", "--lazy", path]).waitForEnd()
    }
}
