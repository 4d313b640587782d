import Foundation
import LinuxSystem
import SystemTypes

/// What can be seen of a program from outside, whoever supervises it.
struct Facts: Equatable {
    let state: String
    private(set) var command = ""
    private(set) var directory = ""
    private(set) var umask = ""
    private(set) var users: [String] = []
    /// Without what belongs to the supervisor.
    private(set) var environment: [String] = []

    init(state: String, process: ProcessID?) {
        self.state = state
        guard let process else { return }
        command = ProcessTable.commandLine(of: process)
        let link = "/proc/\(process)/cwd"
        directory = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? "?"
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        for line in status.split(separator: "\n") {
            if line.hasPrefix("Umask:") { umask = String(line) }
            if line.hasPrefix("Uid:") || line.hasPrefix("Gid:") { users.append(String(line)) }
        }
        environment = ProcessTable.environment(of: process).filter { variable in
            // keepd gives a program the HOME of its user, which docs/ tells.
            !["SUPERVISOR_", "KEEPD_", "HOME=", "USER=", "LOGNAME=", "SHELL="]
                .contains(where: variable.hasPrefix)
        }.sorted()
    }
}
