internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage

/// Sees the files change for whose sake programs are to be restarted.
///
/// Of changes that come in quick succession, as a copy or an editor makes them, one is reported:
/// after there has been none for a moment.
final class ProgramWatcher {
    static let calm = Duration.milliseconds(500)
    /// How often a way is looked at that changes all the time.
    private static let looksMax = 10

    private final class Watch {
        let patterns: [String]
        var route: WatchRoute
        var files: FileWatch
        var registration: Registration?
        var calm: TimerHandle?
        var changes = FileWatch.Changes()

        init(_ patterns: [String], _ files: consuming FileWatch) throws(Errno) {
            self.patterns = patterns
            route = WatchRoute(to: patterns)
            self.files = files
            try goOn()
        }

        /// - Returns: Whether something that matches has changed.
        func takeChanges() -> Bool {
            let (before, changes) = (route.matches, changes)
            self.changes = FileWatch.Changes()
            // Who watches too much by now goes on with what is watched.
            if changes.isWayOther { try? goOn() }
            return changes.isContentOther || route.matches != before
        }

        /// Watches what there is to be watched by now.
        private func goOn() throws(Errno) {
            var looks = 0
            var next = WatchRoute(to: patterns)
            // More may have come before it was watched.
            repeat {
                route = next
                try files.watch(route.subjects)
                next = WatchRoute(to: patterns)
                looks += 1
            } while next != route && looks < ProgramWatcher.looksMax
        }
    }

    private let loop: EventLoop
    private let logger: Logger
    private var watches: [String: Watch] = [:]
    /// What another daemon has left of them, for those that are watched again.
    private var inherited: [String: CInt] = [:]
    var onChange: ((_ program: String) -> Void)?

    init(loop: EventLoop, logger: Logger) {
        self.loop = loop
        self.logger = logger
    }

    /// Watches what the patterns of a program match; those of before count no more.
    func watch(_ program: ProgramConfiguration) {
        guard !program.watch.isEmpty else { return forget(program.name) }
        let texts = program.watch.flatMap { pattern in
            (0..<program.instances).map { pattern.text(instance: $0) }
        }
        let patterns = Set(texts).sorted()
        guard watches[program.name]?.patterns != patterns else { return }
        forget(program.name)
        do {
            watches[program.name] = try watch(patterns, of: program.name)
        } catch {
            logger.warning("\(program.name): cannot watch files: \(error.reason)")
        }
    }

    private func watch(_ patterns: [String], of program: String) throws(Errno) -> Watch {
        let files =
            if let descriptor = inherited.removeValue(forKey: program) {
                FileWatch(adopting: OwnedFD(adopting: descriptor))
            } else {
                try FileWatch()
            }
        let watch = try Watch(patterns, files)
        if watch.route.matches.isEmpty {
            let list = patterns.joined(separator: ", ")
            logger.notice("\(program): there is nothing to watch yet: \(list)")
        }
        watch.registration = try loop.register(watch.files.raw, for: .read) {
            [weak self, unowned watch] _ in
            self?.look(watch, of: program)
        }
        return watch
    }

    private func look(_ watch: Watch, of program: String) {
        guard let changes = try? watch.files.next(), changes != .init() else { return }
        watch.changes.add(changes)
        watch.calm?.cancel()
        watch.calm = loop.callLater(ProgramWatcher.calm) { [weak self, unowned watch] in
            self?.report(watch, of: program)
        }
    }

    private func report(_ watch: Watch, of program: String) {
        watch.calm?.cancel()
        watch.calm = nil
        if watch.takeChanges() { onChange?(program) }
    }

    // MARK: - Another daemon

    func state(_ luggage: Luggage) -> [WatchState] {
        watches.map { WatchState(program: $0.key, descriptor: luggage.pack($0.value.files.raw)) }
    }

    /// Has programs, if they are watched during `body`, be so without having missed anything.
    func restore(
        _ states: [WatchState],
        _ luggage: Luggage,
        _ body: () throws(Errno) -> Void
    ) throws(Errno) {
        for state in states {
            inherited[state.program] = try luggage.unpack(state.descriptor).release()
        }
        try body()
        for descriptor in inherited.values { _ = OwnedFD(adopting: descriptor) }
        inherited = [:]
    }

    /// Reports at once what has changed, without waiting for calm.
    func report() {
        for (program, watch) in watches where watch.calm != nil { report(watch, of: program) }
    }

    func forget(_ program: String) {
        guard let watch = watches.removeValue(forKey: program) else { return }
        watch.registration?.cancel()
        watch.calm?.cancel()
    }

    func close() {
        for program in Array(watches.keys) { forget(program) }
    }
}
