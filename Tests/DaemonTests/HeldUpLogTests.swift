import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// An output that takes nothing holds up who logs there, and nobody else.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct HeldUpLogTests {
    private static let byHand = #""autostart": false, "restart": "never","#

    /// Reads a FIFO into a file once it is told to go on; it stops before the first byte.
    private func reader(of fifo: String, into file: String) throws -> StartedProcess {
        let script = #"exec <"$0"; kill -STOP $$; exec cat >"$1""#
        return try StartedProcess(["/bin/sh", "-c", script, fifo, file])
    }

    private func scratch() throws -> Scratch {
        let scratch = try Scratch()
        let fifo = try StartedProcess(["mkfifo", scratch.path("fifo")])
        #expect(try fifo.waitForEnd() == .exited(0))
        return scratch
    }

    private func printing(_ size: String, into log: String) -> String {
        misbehave("--print", size, "--exit-code", "0", settings: Self.byHand + "\"stdout\": \(log)")
    }

    private func isGenuine(_ name: String, in scratch: Scratch, size: String) throws -> Bool {
        let command = #""$0" --print "$1" --exit-code 0 2>/dev/null | cmp - "$2""#
        let comparison = try StartedProcess([
            "/bin/sh", "-c", command, Places.product("misbehave"), size, scratch.path(name),
        ])
        return try comparison.waitForEnd() == .exited(0)
    }

    @Test func `who logs to a reader that is stopped waits, and loses nothing`() throws {
        let scratch = try scratch()
        let reader = try reader(of: scratch.path("fifo"), into: scratch.path("out"))
        let daemon = try RunningDaemon(
            [
                "stuck": printing("2MB", into: json(scratch.path("fifo"))),
                "free": printing("1MB", into: #""free.log""#),
            ],
            scratch: scratch
        )
        try daemon.start("stuck")
        try daemon.start("free")
        try daemon.waitForLog("free: exited: exit code 0")
        #expect(scratch.size(of: "log/free.log") == 1_000_000)
        #expect(try daemon.status(of: "stuck").state == .running)
        _ = try eventually("a stall") {
            try daemon.status(of: "stuck").log.map { $0.stdout.stalled.rawValue > 0 ? true : nil }
        }
        try reader.send(.continue)
        try daemon.waitForLog("stuck: exited: exit code 0")
        _ = try eventually("all of it") { scratch.size(of: "out") == 2_000_000 ? true : nil }
        #expect(try isGenuine("out", in: scratch, size: "2MB"))
    }

    @Test func `who may drop its output never waits, and what it lost is counted`() throws {
        let scratch = try scratch()
        let reader = try reader(of: scratch.path("fifo"), into: scratch.path("out"))
        let log = "{\"file\": \(json(scratch.path("fifo"))), \"onFull\": \"drop\"}"
        let daemon = try RunningDaemon(["web": printing("8MB", into: log)], scratch: scratch)
        try daemon.start("web")
        try daemon.process.error.waitForLine("of the end, at last") {
            $0.hasSuffix("web: exited: exit code 0")
        }
        let stdout = try #require(try daemon.status(of: "web").log).stdout
        #expect(stdout.bytes == 8_000_000 && stdout.droppedBytes > 1_000_000)
        try reader.send(.continue)
        let marker = try eventually("the marker") {
            scratch.lines(of: "out").last {
                $0.hasPrefix("keepd: ") && $0.hasSuffix(" dropped here")
            }
        }
        #expect(
            marker
                == "keepd: \(stdout.droppedLines) lines (\(stdout.droppedBytes) bytes) dropped here"
        )
        let kept = scratch.lines(of: "out").count { !$0.hasPrefix("keepd: ") }
        #expect(kept + stdout.droppedLines == 80_000)
    }

    @Test(.enabled(if: FrozenDisk.isAvailable, "needs root, who may mount and freeze a disk"))
    func `a disk that hangs holds up its logs, and neither supervision nor other disks`() throws {
        let scratch = try Scratch()
        let disk = try FrozenDisk(in: scratch)
        defer { disk.remove() }
        let echo =
            "n=0; trap 'n=$((n + 1)); echo line $n' USR1; echo up; while :; do sleep 3600 & wait; done"
        let daemon = try RunningDaemon(
            [
                "stuck": shell(echo, settings: "\"stdout\": \(json(disk.path + "/stuck.log"))"),
                "free": printing("1MB", into: #""free.log""#),
            ],
            scratch: scratch
        )
        func lines() -> [String] { scratch.lines(of: "disk/stuck.log") }
        _ = try eventually("up") { lines() == ["up"] ? true : nil }

        try disk.freeze()
        _ = try daemon.call(Control.Signal(names: ["stuck"], signal: "USR1"))
        try daemon.start("free")
        try daemon.waitForLog("free: exited: exit code 0")
        #expect(scratch.size(of: "log/free.log") == 1_000_000)
        #expect(try daemon.restart("stuck").map(\.state) == [.running])

        try disk.thaw()
        _ = try eventually("all lines") { lines().count >= 3 ? true : nil }
        #expect(lines() == ["up", "line 1", "up"])
        #expect(try daemon.end() == .exited(0))
    }
}

/// A file system of its own that can be made to hang.
private struct FrozenDisk {
    let path: String

    static let isAvailable = Accounts.effectiveUser == 0 && canFreeze

    private static let canFreeze: Bool = {
        guard let scratch = try? Scratch(), let disk = try? FrozenDisk(in: scratch) else {
            return false
        }
        defer { disk.remove() }
        return (try? disk.freeze()) != nil
    }()

    init(in scratch: Scratch) throws {
        path = try scratch.makePublicDirectory("disk")
        let script = #"""
            truncate -s 16M "$0.img" && mkfs.ext4 -q "$0.img" && mount -o loop "$0.img" "$0"
            """#
        let mount = try StartedProcess(["/bin/sh", "-c", script, path])
        guard try mount.waitForEnd() == .exited(0) else { throw NeverHappened("a mount") }
    }

    func freeze() throws { try run("fsfreeze", "--freeze", path) }

    func thaw() throws { try run("fsfreeze", "--unfreeze", path) }

    private func run(_ command: String...) throws {
        guard try StartedProcess(command).waitForEnd() == .exited(0) else {
            throw NeverHappened(command.joined(separator: " "))
        }
    }

    func remove() {
        try? thaw()
        try? run("umount", "--lazy", path)
    }
}
