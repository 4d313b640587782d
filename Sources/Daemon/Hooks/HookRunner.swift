internal import LinuxSystem
internal import Logging
internal import Reactor
internal import SystemPackage
internal import SystemTypes

/// Runs the commands that are to be told of events; supervision waits for none of them.
///
/// However slow they are, they take neither all processes nor all memory: few run at once, and of one
/// program only one; a few more wait, and what comes then is dropped and counted.
final class HookRunner {
    /// One command that is to be run.
    struct Hook {
        /// For the log: `web: hook fatal`.
        let title: String
        let program: String
        let request: SpawnRequest
        /// No longer than a pipe holds, for nobody waits until it is read.
        let input: [UInt8]
    }

    static let runningMax = 4
    static let waitingMax = 64
    /// Of one program.
    static let waitingMaxEach = 16
    static let standardLimit = Duration.seconds(30)
    /// How long the end of the daemon waits for those that tell of it.
    static let patienceAtEnd = Duration.seconds(5)
    /// How long what is killed may take to be gone, which it is at once unless the kernel holds it.
    private static let patienceWithKernel = Duration.seconds(1)

    private let loop: EventLoop
    private let limit: Duration
    private let logger: Logger
    private var waiting: [Hook] = []
    private var runs: [Int: HookRun] = [:]
    private var lastNumber = 0
    /// How many were dropped, since the daemon started.
    private(set) var drops = 0
    /// Called when none is left; set at the end of the daemon.
    private var onceIdle: (() -> Void)?

    /// - Parameter limit: How long one may run.
    init(loop: EventLoop, logger: Logger, limit: Duration = HookRunner.standardLimit) {
        self.loop = loop
        self.limit = limit
        self.logger = logger
    }

    /// How many there are at this moment.
    var running: Int { runs.count }

    func run(_ hook: Hook) {
        if hasRoom(for: hook) { return start(hook) }
        guard waiting.count < HookRunner.waitingMax,
            waiting.count(where: { $0.program == hook.program }) < HookRunner.waitingMaxEach
        else {
            drops += 1
            logger.warning("\(hook.title) was dropped: too many hooks; \(drops) dropped so far")
            return
        }
        waiting.append(hook)
    }

    private func hasRoom(for hook: Hook) -> Bool {
        running < HookRunner.runningMax && !runs.values.contains { $0.program == hook.program }
    }

    /// Calls back when all have ended; those that take too long for that are killed.
    func finish(then done: @escaping () -> Void) {
        onceIdle = done
        guard running > 0 else { return finished() }
        loop.callLater(HookRunner.patienceAtEnd) { [weak self] in
            guard let self else { return }
            waiting = []
            for run in runs.values { run.errand.timeOut() }
            loop.callLater(HookRunner.patienceWithKernel) { [weak self] in self?.finished() }
        }
    }

    private func finished() {
        onceIdle.take()?()
    }

    private func start(_ hook: Hook) {
        lastNumber += 1
        let number = lastNumber
        do {
            let input = try HookRunner.pipe(holding: hook.input)
            let pipe = try Pipe()
            let errand = try HookRunner.insistently(hook.request) { request throws(SpawnError) in
                try Errand(
                    request,
                    stdio: (input.raw, pipe.writing.raw, pipe.writing.raw),
                    limit: limit,
                    on: loop
                ) { [weak self] in
                    self?.ended(number, $0)
                }
            }
            let output = try output(.duplicate(pipe.reading.raw), of: hook.title)
            runs[number] = HookRun(hook.title, hook.program, errand, output)
        } catch {
            let reason = (error as? SpawnError)?.errno ?? (error as? Errno) ?? .ioError
            logger.warning("\(hook.title) cannot be run: \(reason.reason)")
        }
    }

    /// Runs it in `/` where its program has no directory: that may be what it is to tell of.
    private static func insistently(
        _ request: SpawnRequest,
        _ run: (SpawnRequest) throws(SpawnError) -> Errand
    ) throws(SpawnError) -> Errand {
        do {
            return try run(request)
        } catch  where error.step == .chdir {
            var request = request
            request.directory = "/"
            return try run(request)
        }
    }

    // MARK: - Another daemon

    /// Begins all that wait, for what is to be run is known here alone.
    func startAll() {
        while !waiting.isEmpty { start(waiting.removeFirst()) }
    }

    func state(_ luggage: Luggage) -> [HookState] {
        runs.values.compactMap { $0.state(luggage) }
    }

    func restore(_ states: [HookState], _ luggage: Luggage) throws(Errno) {
        for state in states {
            lastNumber += 1
            let number = lastNumber
            let errand = try Errand(state.errand, luggage, on: loop) { [weak self] in
                self?.ended(number, $0)
            }
            var output: HookOutput?
            if let descriptor = state.output {
                output = try self.output(luggage.unpack(descriptor), of: state.title)
            }
            runs[number] = HookRun(state.title, state.program ?? "", errand, output)
        }
    }

    private func output(
        _ reading: consuming OwnedFD,
        of title: String
    ) throws(Errno) -> HookOutput {
        try HookOutput(reading, on: loop) { [logger] in logger.info("\(title): \($0)") }
    }

    private func ended(_ number: Int, _ ending: Errand.Ending) {
        guard let run = runs.removeValue(forKey: number) else { return }
        run.output?.finish()
        switch ending {
        case .ended(.exited(0)): break
        case .ended(let status): logger.warning("\(run.title) failed: \(status)")
        case .timedOut: logger.warning("\(run.title) was killed, for it took too long")
        }
        while let next = waiting.firstIndex(where: hasRoom) { start(waiting.remove(at: next)) }
        if running == 0 { finished() }
    }

    /// The reading end of a pipe into which all has been written.
    private static func pipe(holding bytes: [UInt8]) throws(Errno) -> OwnedFD {
        let pipe = try Pipe()
        try pipe.writing.setNonBlocking(true)
        let failure: Errno? = bytes.withUnsafeBytes { bytes in
            do throws(Errno) {
                _ = try pipe.writing.write(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        return try .duplicate(pipe.reading.raw)
    }
}
