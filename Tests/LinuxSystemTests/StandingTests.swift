import LinuxSystem
import SystemPackage
import SystemTypes
import Testing

/// What a child may use and do.
@Suite struct StandingTests {
    @Test func `limits are set by name, soft and hard`() throws {
        let (output, _) = try runShell("ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Hc") {
            $0.limits = [
                .init(.openFiles, soft: 99, hard: 100), .init(.coreSize, soft: 0, hard: nil),
            ]
        }
        let (inherited, _) = try runShell("ulimit -Hc")
        #expect(output == "99\n100\n0\n\(inherited)")
    }

    @Test(arguments: ResourceLimit.Resource.allCases)
    func `each limit is the one that prlimit names so`(_ resource: ResourceLimit.Resource) throws {
        let (output, status) = try runShell(
            "exec prlimit --noheadings --raw -o SOFT --\(resource.rawValue)"
        ) {
            $0.limits = [.init(resource, soft: value(of: resource), hard: nil)]
        }
        #expect(status == .exited(0))
        #expect(output.filter { !$0.isWhitespace } == String(value(of: resource)))
    }

    /// Below every hard limit, and enough to go on running.
    private func value(of resource: ResourceLimit.Resource) -> UInt64 {
        switch resource {
        case .niceness, .realTimePriority: 0
        case .openFiles: 333
        case .messageQueues, .lockedMemory, .pendingSignals, .processes: 3_333
        default: 3_333_333_333
        }
    }

    @Test func `no limit at all is a limit too`() throws {
        let (output, _) = try runShell("ulimit -Sv") {
            $0.limits = [.init(.addressSpace, soft: ResourceLimit.unlimited, hard: nil)]
        }
        #expect(output == "unlimited\n")
    }

    @Test func `niceness, oom score and processors are set`() throws {
        let (output, _) = try runShell(
            "nice; cat /proc/self/oom_score_adj; grep Cpus_allowed_list /proc/self/status"
        ) {
            $0.niceness = 7
            $0.oomScoreAdjust = 900
            $0.processors = [0]
        }
        #expect(output == "7\n900\nCpus_allowed_list:\t0\n")
    }

    @Test func `a program can be kept from gaining privileges`() throws {
        let command = "grep NoNewPrivs /proc/self/status"
        #expect(try runShell(command).output == "NoNewPrivs:\t0\n")
        #expect(try runShell(command) { $0.noNewPrivileges = true }.output == "NoNewPrivs:\t1\n")
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0, "needs root"))
    func `a program becomes who it shall be, with no group left over`() throws {
        let nobody = try #require(Accounts.user("nobody"))
        let (output, _) = try runShell("id -u; id -G") {
            $0.identity = .init(user: nobody.id, group: nobody.group, supplementaryGroups: [])
        }
        #expect(output == "\(nobody.id)\n\(nobody.group)\n")
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0, "needs root"))
    func `another user keeps the capabilities that it is given, and no other`() throws {
        let nobody = try #require(Accounts.user("nobody"))
        let bind = try #require(Capability(name: "net_bind_service"))
        let chown = try #require(Capability(name: "CAP_CHOWN"))
        let (output, _) = try runShell("grep ^Cap /proc/self/status") {
            $0.identity = .init(user: nobody.id, group: nobody.group, supplementaryGroups: [7])
            $0.capabilities = CapabilitySets(
                ambient: [bind],
                inheritable: [chown],
                bounding: [bind, chown]
            )
        }
        #expect(
            output == """
                CapInh:\t0000000000000401
                CapPrm:\t0000000000000400
                CapEff:\t0000000000000400
                CapBnd:\t0000000000000401
                CapAmb:\t0000000000000400

                """
        )
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0, "needs root"))
    func `root can be bounded`() throws {
        let kill = try #require(Capability(name: "KILL"))
        let (output, _) = try runShell("grep ^CapEff /proc/self/status") {
            $0.capabilities = CapabilitySets(bounding: [kill])
        }
        #expect(output == "CapEff:\t0000000000000020\n")
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0, "needs root"))
    func `a program in a root directory of its own cannot look out`() throws {
        // Enough of /usr is laid out as / is: its programs find their libraries.
        let (output, _) = try runShell("pwd; test -e /usr/bin || echo inside") { $0.root = "/usr" }
        #expect(output == "/\ninside\n")
    }

    @Test func `names of capabilities are read in any form, and written in one`() {
        #expect(Capability(name: "cap_chown")?.number == 0)
        #expect(Capability(name: "CHECKPOINT_RESTORE")?.number == 40)
        #expect(Capability(name: "cap_nothing") == nil)
        #expect(Capability(number: 64) == nil && Capability(number: -1) == nil)
        #expect(Capability(name: "sys_admin")?.description == "CAP_SYS_ADMIN")
    }
}
