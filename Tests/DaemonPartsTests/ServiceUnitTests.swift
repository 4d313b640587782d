import Foundation
import LinuxSystem
import Testing

@testable import Daemon

@Suite struct ServiceUnitTests {
    private func goesOn(_ result: String, _ code: String, _ status: String, job: Bool = false)
        -> Bool
    {
        let environment = ["SERVICE_RESULT": result, "EXIT_CODE": code, "EXIT_STATUS": status]
        return ServiceUnit(environment: environment, hasJob: job).goesOn
    }

    @Test(arguments: [
        ("signal", "killed", "KILL"), ("core-dump", "dumped", "SEGV"),
        ("watchdog", "killed", "ABRT"),
        ("exit-code", "exited", "71"), ("exit-code", "exited", "1"),
    ])
    func `after a crash programs go on, unless a stop was asked for`(
        result: String,
        code: String,
        status: String
    ) {
        #expect(goesOn(result, code, status))
        #expect(!goesOn(result, code, status, job: true))
    }

    @Test(arguments: [
        ("success", "0"), ("exit-code", "64"), ("exit-code", "73"), ("exit-code", "78"),
    ])
    func `where no other daemon comes nothing goes on`(result: String, status: String) {
        #expect(!goesOn(result, "exited", status))
    }

    @Test func `who does not know how it ended leaves nothing`() {
        #expect(!ServiceUnit(environment: [:], hasJob: false).goesOn)
    }

    private static let units = ["keepd.service", "keepd@.service", "user/keepd.service"]

    @Test(arguments: units)
    func `the units do not start it again after the ends that keepd takes for final`(
        name: String
    ) throws {
        let path = URL(filePath: #filePath).appending(path: "../../../systemd/\(name)").standardized
        let text = try String(contentsOf: path, encoding: .utf8)
        let codes = ExitCode.final.map { "\($0.rawValue)" }.joined(separator: " ")
        #expect(text.contains("\nRestartPreventExitStatus=\(codes)\n"))
    }

    @Test func `keepd has its groups beside the one that it was put into, and not in it`() {
        let unit = Cgroup(directory: "/sys/fs/cgroup/system.slice/keepd.service")
        let below = unit.child("supervisor")
        #expect(CgroupHome.base(of: below, isMain: true) == unit)
        #expect(CgroupHome.base(of: unit, isMain: true) == unit)
        // Started by some program of that service.
        #expect(CgroupHome.base(of: below, isMain: false) == below)
        let deep = below.child("deep")
        #expect(CgroupHome.base(of: deep, isMain: true) == deep)
    }
}
