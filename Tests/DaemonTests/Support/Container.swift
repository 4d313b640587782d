import LinuxSystem
import SystemTypes
import Testing

/// A daemon that is alone with its programs in a name space of processes, as in a container.
struct Container {
    /// What else is as it is in a container.
    enum Hardening: String, CaseIterable, Sendable {
        case none
        /// Nothing can be written but what is below /dev/shm, and there is no /run.
        case readOnly
        /// And keepd is somebody of whom the machine has never heard.
        case readOnlyAsStranger

        fileprivate var isReadOnly: Bool { self != .none }

        /// A shell's words in front of those of keepd.
        fileprivate var prefix: String {
            self == .readOnlyAsStranger
                ? "env -i setpriv --reuid 54321 --regid 54321 --clear-groups" : ""
        }
    }

    /// Nobody but root may make one, and root only where no container is around it that forbids it.
    static let isAvailable =
        (try? Run(unshare + ["true"]))?.status == .exited(0)

    private static let unshare = [
        "unshare", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child", "--",
    ]

    let daemon: RunningDaemon
    /// Process 1 of it, which is keepd or the parent of keepd.
    let first: ProcessID
    let keepd: ProcessID

    init(
        _ programs: KeyValuePairs<String, String>,
        daemon settings: String = "",
        _ hardening: Hardening = .none
    ) throws {
        let scratch = try Scratch()
        // Without the directories that tests have else, which could not be made.
        let list = programs.map { "\(json($0.key)): \($0.value)" }.joined(separator: ", ")
        try scratch.write(
            """
            {"daemon": {\(settings)}, "defaults": {"start": {"settle": "0s"}}, "programs": {\(list)}}
            """,
            to: "keepd.json"
        )
        let socketPath = Container.socketPath(scratch, hardening)
        daemon = try RunningDaemon(
            configuration: scratch.path("keepd.json"),
            socketPath: socketPath,
            scratch: scratch,
            arguments: ["--socket", socketPath],
            wrapper: Container.wrapper(hardening)
        )
        let outside = daemon.process.process
        let first = try #require(ProcessTable.children(of: outside).first)
        let number = try daemon.order("pid").first.flatMap { Int32($0) }
        self.first = first
        keepd = try #require(
            number == 1 ? first : ProcessTable.children(of: first).first(where: Container.isKeepd)
        )
    }

    /// A directory of the machine's own that the container has too, and may write to.
    private static func socketPath(_ scratch: Scratch, _ hardening: Hardening) -> String {
        let name = scratch.path.replacing("/tmp/", with: "")
        return hardening.isReadOnly ? "/dev/shm/\(name).sock" : scratch.path("keepd.sock")
    }

    static func wrapper(_ hardening: Hardening = .none) -> [String] {
        let readOnly = "mount -o remount,bind,ro / && mount -t tmpfs -o ro none /run &&"
        let script = "\(hardening.isReadOnly ? readOnly : "") exec \(hardening.prefix) \"$@\""
        return unshare + ["/bin/sh", "-c", script, "sh"]
    }

    private static func isKeepd(_ process: ProcessID) -> Bool {
        ProcessTable.entry(of: process)?.command == "keepd"
    }

    /// What `docker kill --signal` does.
    func send(_ signal: Signal) throws {
        try PidFD(opening: first).send(signal)
    }

    /// All processes in it but the first, also those that have ended and were not reaped.
    var others: [ProcessTable.Entry] {
        var (found, next): ([ProcessTable.Entry], [ProcessID]) = ([], [first])
        while let process = next.popLast() {
            for child in ProcessTable.children(of: process) {
                next.append(child)
                if let entry = ProcessTable.entry(of: child) { found.append(entry) }
            }
        }
        return found
    }
}
