internal import LinuxSystem
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// What a daemon that was killed has left, and nothing holds any more.
///
/// Its programs live on below whoever adopts orphans. They carry the path of the control socket in
/// their environment, and with it a mark that keepd alone writes there (``Launcher/Mark``); the path
/// is ours now, so they are ours to end. Whoever has it in another name space, as in a container
/// that happens to have the same path, is somebody else's. Those that have changed their environment
/// are not found here; where there are cgroups, they are found there.
struct Strays {
    /// How long they may take to be gone after SIGKILL.
    private static let patience = Duration.seconds(5)

    private let found: [Descendants.Found]

    /// - Parameter socketPath: Absolute, or it could be another daemon's.
    init(ofEarlierDaemonAt socketPath: String) {
        let (own, ancestors) = (ProcessTable.nameSpaces(of: ProcessTable.current), Strays.ancestors)
        found = ProcessTable.all.filter { process in
            Strays.isMarked(process, socketPath) && ProcessTable.nameSpaces(of: process) == own
                && !ancestors.contains(process)
        }.compactMap(Descendants.find)
    }

    /// Whoever started this daemon may have been a program of the one before, such as a shell.
    private static var ancestors: Set<ProcessID> {
        var ancestors: Set<ProcessID> = []
        var next: ProcessID? = ProcessTable.current
        while let process = next, ancestors.insert(process).inserted {
            let parent = ProcessTable.entry(of: process)?.parent ?? 0
            next = parent > 0 ? ProcessID(rawValue: parent) : nil
        }
        return ancestors
    }

    private static func isMarked(_ process: ProcessID, _ socketPath: String) -> Bool {
        let environment = ProcessTable.environment(of: process)
        return environment.contains("\(Launcher.Mark.socket)=\(socketPath)")
            && environment.contains { $0.hasPrefix(Launcher.Mark.program + "=") }
    }

    /// Kills them, but for some, and waits until they are gone.
    ///
    /// - Parameters:
    ///   - spared: Whose processes go on.
    ///   - report: Told of each before that.
    func clear(sparing spared: Set<InstanceID>, _ report: (ProcessID) -> Void) {
        let due = found.filter { stray in
            let environment = ProcessTable.environment(of: stray.process)
            return Launcher.Mark.instance(in: environment).map { !spared.contains($0) } ?? true
        }
        for stray in due {
            report(stray.process)
            stray.send(.kill)
        }
        let deadline = Instant.now + Strays.patience
        for stray in due {
            guard let pidfd = try? PidFD(opening: stray.process),
                Descendants.find(stray.process) == stray
            else { continue }
            Files.waitUntilReadable(pidfd.raw, until: deadline)
        }
    }
}
