import SystemPackage
import SystemTypes
import Testing

@testable import LinuxSystem

/// Whether groups can be made here.
private let canMakeGroups = Cgroup.own?.isDelegated == true

@Suite(.enabled(if: canMakeGroups, "no cgroup of version 2 in which groups may be made"))
struct CgroupTests {
    /// Makes a group for the time of `body`, and ends and removes it afterwards.
    private func withGroup(_ name: String, _ body: (Cgroup) throws -> Void) throws {
        let own = try #require(Cgroup.own)
        let group = own.child("keepd-test-\(ProcessTable.current)-\(name)")
        try group.make()
        defer {
            _ = try? group.kill()
            try? waitUntilEmpty(group)
            #expect(throws: Never.self) { try group.remove() }
        }
        try body(group)
    }

    private func waitUntilEmpty(_ group: Cgroup) throws {
        try wait(for: group) { !$0.isPopulated }
    }

    private func wait(for group: Cgroup, _ condition: (CgroupEvents.State) -> Bool) throws {
        let events = try CgroupEvents(of: group)
        let epoll = try Epoll(capacity: 1)
        try epoll.add(events.raw, for: .urgent, token: 1)
        while try !condition(events.read()) {
            try epoll.wait(timeout: .seconds(30)) { _, readiness in
                #expect(readiness.contains(.urgent))
            }
        }
    }

    private func spawn(_ command: String, in group: Cgroup) throws -> Spawned {
        let directory = try group.open()
        var request = SpawnRequest.shell(command)
        request.cgroup = directory.raw
        return try LinuxSystem.spawn(request, stdio: (0, 1, 2))
    }

    @Test func `a process is born in its group`() throws {
        try withGroup("born") { group in
            let directory = try group.open()
            let (output, _) = try runShell("grep ^0:: /proc/self/cgroup") {
                $0.cgroup = directory.raw
            }
            #expect(output.hasSuffix("/keepd-test-\(ProcessTable.current)-born\n"))
        }
    }

    @Test func `a group is killed with all below it, and says when it is empty`() throws {
        try withGroup("kill") { group in
            let inner = group.child("inner")
            try inner.make()
            let outside = try spawn("setsid sleep 1000 & sleep 1000", in: group)
            let inside = try spawn("trap '' TERM; sleep 1000", in: inner)
            #expect(try group.processes.contains(outside.process))
            #expect(try group.processes.contains(inside.process))
            #expect(throws: Errno.resourceBusy) { try group.remove() }
            try group.kill()
            try waitUntilEmpty(group)
            #expect(try waitForEnd(of: outside.pidfd) == .signaled(.kill, coreDumped: false))
            #expect(try waitForEnd(of: inside.pidfd) == .signaled(.kill, coreDumped: false))
            #expect(try group.processes.isEmpty)
        }
    }

    @Test func `where the kernel cannot kill a group, each process is killed`() throws {
        try withGroup("each") { group in
            let spawned = try spawn("sleep 1000 & setsid sleep 1000; :", in: group)
            while try group.processes.count < 3 {}
            #expect(try group.killOneByOne())
            try waitUntilEmpty(group)
            #expect(try waitForEnd(of: spawned.pidfd) == .signaled(.kill, coreDumped: false))
        }
    }

    @Test func `what is frozen stands still, and can be killed all the same`() throws {
        try withGroup("freeze") { group in
            let spawned = try spawn("while :; do :; done", in: group)
            try group.setFrozen(true)
            try wait(for: group) { $0.isFrozen }
            #expect(try CgroupEvents(of: group).read().isPopulated)
            try group.setFrozen(false)
            try wait(for: group) { !$0.isFrozen }
            try group.setFrozen(true)
            try group.kill()
            #expect(try waitForEnd(of: spawned.pidfd) == .signaled(.kill, coreDumped: false))
        }
    }

    @Test func `the members of a group can be moved into a leaf`() throws {
        try withGroup("leaf") { group in
            let spawned = try spawn("exec sleep 1000", in: group)
            let leaf = try group.evacuate(to: "leaf")
            #expect(try group.value(of: "cgroup.procs").isEmpty)
            #expect(try leaf.processes == [spawned.process])
            #expect(group.children == [leaf])
            try group.kill()
            _ = try waitForEnd(of: spawned.pidfd)
        }
    }

    @Test func `a process can be taken in later`() throws {
        try withGroup("taken") { group in
            let spawned = try LinuxSystem.spawn(.shell("exec sleep 1000"), stdio: (0, 1, 2))
            try group.take(spawned.process)
            #expect(try group.processes == [spawned.process])
            try group.kill()
            _ = try waitForEnd(of: spawned.pidfd)
        }
    }

    @Test func `a limit without its controller is an error`() throws {
        try withGroup("limit") { group in
            let missing = try Set(Cgroup.Controller.allCases).subtracting(group.controllers)
            if missing.contains(.pids) {
                #expect(throws: Errno.noSuchFileOrDirectory) { try group.set(.tasksMax(5)) }
                #expect(throws: Errno.noSuchFileOrDirectory) { try group.enable([.pids]) }
            } else {
                try group.set(.tasksMax(5))
                #expect(try group.value(of: "pids.max") == "5")
            }
            #expect(try group.processorStatistics["usage_usec"] != nil)
        }
    }

    @Test func `a removed group cannot be joined, and the spawn says so`() throws {
        let own = try #require(Cgroup.own)
        let group = own.child("keepd-test-\(ProcessTable.current)-gone")
        try group.make()
        let directory = try group.open()
        try group.remove()
        #expect(throws: SpawnError(.cgroup, .noSuchFileOrDirectory)) {
            _ = try runShell("exit 0") { $0.cgroup = directory.raw }
        }
        #expect(throws: Never.self) { try group.remove() }
    }

    @Test(.enabled(if: Files.mode(of: "/sys/fs/cgroup/pids/cgroup.procs") != nil, "no version 1"))
    func `a group of version 1 is joined before the program runs`() throws {
        let group = Cgroup(directory: "/sys/fs/cgroup/pids/keepd-test-\(ProcessTable.current)")
        try group.make()
        defer { #expect(throws: Never.self) { try group.remove() } }
        let directory = try group.open()
        let (output, _) = try runShell("grep :pids: /proc/self/cgroup") {
            $0.cgroup = directory.raw
        }
        #expect(output.hasSuffix(":/keepd-test-\(ProcessTable.current)\n"))
    }
}
