import Testing

@testable import LinuxSystem

/// What the kernel writes about control groups, and what it is written.
@Suite struct CgroupTextTests {
    @Test func `version 2 is found in a pure and in a hybrid layout`() {
        let pure = "25 30 0:22 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"
        #expect(
            CgroupPlaces.mount(in: pure) == .init(directory: "/sys/fs/cgroup", root: "/")
        )
        let hybrid = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """
        #expect(
            CgroupPlaces.mount(in: hybrid) == .init(directory: "/sys/fs/cgroup/unified", root: "/")
        )
    }

    @Test func `there need not be version 2`() {
        #expect(CgroupPlaces.mount(in: "32 31 0:29 / /cgroup2 rw - cgroup cgroup rw,cpu") == nil)
        #expect(CgroupPlaces.mount(in: "") == nil)
        #expect(CgroupPlaces.mount(in: "a - cgroup2") == nil)
        #expect(CgroupPlaces.path(in: "4:memory:/a\n1:cpu:/b\n") == nil)
    }

    @Test func `blanks in a mount point are read`() {
        let line = #"41 31 0:38 / /mnt/a\040b\134c rw - cgroup2 none rw"#
        #expect(CgroupPlaces.mount(in: line)?.directory == #"/mnt/a b\c"#)
    }

    @Test func `the own group is the line with number 0`() {
        #expect(
            CgroupPlaces.path(in: "4:memory:/a\n0::/system.slice/x.service\n")
                == "/system.slice/x.service"
        )
        #expect(CgroupPlaces.path(in: "0::/\n") == "/")
        #expect(CgroupPlaces.path(in: "0::/gone (deleted)\n") == nil)
    }

    @Test func `a group lies below the mount, if that shows it`() {
        let all = CgroupPlaces.Mount(directory: "/cg", root: "/")
        #expect(CgroupPlaces.directory(of: "/", in: all) == "/cg")
        #expect(CgroupPlaces.directory(of: "/a/b", in: all) == "/cg/a/b")
        let part = CgroupPlaces.Mount(directory: "/cg", root: "/a")
        #expect(CgroupPlaces.directory(of: "/a", in: part) == "/cg")
        #expect(CgroupPlaces.directory(of: "/a/b", in: part) == "/cg/b")
        #expect(CgroupPlaces.directory(of: "/ab", in: part) == nil)
    }

    @Test func `counts are read by name, and their growth`() {
        let before = CgroupCounts("low 0\noom_kill 2\n")
        let after = CgroupCounts("low 0\noom_kill 5\nodd line here\nnone x\n")
        #expect(after["oom_kill"] == 5 && after["odd"] == nil && after["none"] == nil)
        #expect(after.growth(of: "oom_kill", since: before) == 3)
        #expect(before.growth(of: "oom_kill", since: after) == 0)
        #expect(after.growth(of: "max", since: before) == 0)
    }

    @Test func `events say whether anybody is in it, and whether all stand still`() {
        let state = CgroupEvents.State("populated 1\nfrozen 0\n")
        #expect(state?.isPopulated == true && state?.isFrozen == false)
        // Before Linux 5.2.
        #expect(CgroupEvents.State("populated 0\n")?.isFrozen == false)
        #expect(CgroupEvents.State("frozen 1\n") == nil)
    }

    @Test(arguments: [
        (Cgroup.Limit.memoryMax(1_000), "memory.max", "1000"),
        (.memoryHigh(nil), "memory.high", "max"),
        (.processorsMax(1.5), "cpu.max", "150000 100000"),
        (.processorsMax(0.001), "cpu.max", "1000 100000"),
        (.processorsMax(nil), "cpu.max", "max 100000"),
        (.processorWeight(10), "cpu.weight", "10"),
        (.tasksMax(5), "pids.max", "5"),
        (.ioWeight(200), "io.weight", "default 200"),
    ])
    func `limits are written as their files want them`(
        limit: Cgroup.Limit,
        file: String,
        value: String
    ) {
        #expect(limit.line == (file, value))
    }

    @Test func `controllers that keepd does not use are passed over`() {
        #expect(Cgroup.controllers("cpuset cpu io hugetlb pids\n") == [.cpuset, .cpu, .io, .pids])
        #expect(Cgroup.controllers("\n").isEmpty)
    }
}
