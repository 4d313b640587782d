internal import LinuxSystem
internal import SystemPackage
internal import SystemTypes

/// Becoming keepd-holder, which then starts keepd again as its child.
enum HolderStart {
    /// By default only in a container: elsewhere, whoever has started this process counts on it to be
    /// keepd itself, and may kill it to be rid of it.
    static func isWanted(by options: Options) -> Bool {
        // Whoever has been started by a holder is told so, and does not need another.
        guard ProcessEnvironment.variables[HolderLink.variable] == nil else { return false }
        return options.holder ?? (ProcessTable.current.rawValue == 1)
    }

    /// - Throws: If it was asked for, and is not there; else the daemon goes on without.
    static func execute(_ options: Options) throws(Keepd.Failure) {
        let holder = "\(ProcessImage.directory)keepd-holder"
        let keepd = ProcessImage.path ?? "/proc/self/exe"
        let words = [holder, keepd] + CommandLine.arguments.dropFirst()
        let error = ProcessImage.replace(by: holder, arguments: words)
        let reason = "cannot execute \(holder): \(error.reason)"
        guard options.holder == nil else {
            throw Keepd.Failure(code: .system, message: "keepd: \(reason)")
        }
        Keepd.report("keepd: \(reason); a crash of keepd will not be survived")
    }
}
