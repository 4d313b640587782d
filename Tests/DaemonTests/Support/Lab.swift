import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// A throw-away systemd in which a script runs, with keepd and its units installed.
///
/// It comes with a tool that is no part of this repository: `lab`, which is looked for in the
/// directory that `KEEPD_SYSTEMD_LAB` names, and in `../shared/systemd-lab`.
enum Lab {
    private static let tool: String? = {
        let directory = ProcessEnvironment.variables["KEEPD_SYSTEMD_LAB"]
        let path = (directory ?? Places.file("../shared/systemd-lab")) + "/lab"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// Why there is none here; `nil` if there is.
    static let refusal: String? = {
        guard let tool else { return "there is no systemd-lab here" }
        guard let check = try? run(tool, ["check"]) else { return "systemd-lab does not run" }
        return check.status == .exited(0) ? nil : "no systemd can be booted here: \(check.text)"
    }()

    static var isThere: Bool { refusal == nil }

    /// What all scripts have.
    private static let prelude = """
        set -euo pipefail
        # until WHAT COMMAND...: waits until the command succeeds.
        until_ok() {
            local what=$1
            shift
            for _ in {1..600}; do
                if "$@" >/dev/null 2>&1; then return; fi
                sleep 0.05
            done
            echo "never happened: $what" >&2
            return 1
        }
        is() { [[ $1 == $2 ]] || { echo "'$1' is not '$2'" >&2; return 1; }; }
        prop() { systemctl show -P "$1" "${2:-keepd}"; }
        pid() { keepctl --json status "$1" | sed -n 's/.*"pid" *: *\\([0-9]*\\).*/\\1/p'; }
        status_is() { is "$(prop StatusText)" "$1"; }
        fails() { if "$@"; then echo "succeeded: $*" >&2; return 1; fi; }
        no_process() { ! pgrep -f "$1" >/dev/null; }
        trap 'journalctl -b -o short-precise --no-pager | tail -60 >&2' ERR

        """

    /// Boots, runs `script` with bash, and expects that it succeeds: that no line of it fails.
    ///
    /// - Parameters:
    ///   - configuration: `/etc/keepd/keepd.json`.
    ///   - dropIn: Further settings of the service.
    ///   - options: Of the lab.
    static func run(
        _ script: String,
        configuration: String,
        dropIn: String = "",
        options: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let scratch = try Scratch()
        try scratch.write(configuration, to: "keepd.json")
        try scratch.write(prelude + script, to: "script")
        try scratch.write("[Service]\n\(dropIn)\n", to: "test.conf")
        let copies = [
            (Places.product("keepd"), "/usr/bin/keepd"),
            (Places.product("keepctl"), "/usr/bin/keepctl"),
            (Places.file("systemd/user/keepd.service"), "/etc/systemd/user/keepd.service"),
            (scratch.path("keepd.json"), "/etc/keepd/keepd.json"),
            (scratch.path("test.conf"), "/etc/systemd/system/keepd.service.d/test.conf"),
            (scratch.path("script"), "/script"),
        ]
        let units = ["keepd.service", "keepd.socket", "keepd@.service"]
        let (status, text) = try run(
            #require(tool),
            ["run", "--timeout", "100"] + options
                + units.flatMap { ["--unit", Places.file("systemd/\($0)")] }
                + copies.flatMap { ["--copy", "\($0):\($1)"] } + ["--", "bash", "/script"]
        )
        #expect(status == .exited(0), Comment(rawValue: text), sourceLocation: sourceLocation)
    }

    private static func run(
        _ tool: String,
        _ arguments: [String]
    ) throws -> (status: SystemTypes.ExitStatus, text: String) {
        let process = try StartedProcess([tool] + arguments)
        let status = try eventually("the end of the lab") { try? process.waitForEnd() }
        try process.output.waitForEnd()
        try process.error.waitForEnd()
        return (status, process.output.text + process.error.text)
    }
}
