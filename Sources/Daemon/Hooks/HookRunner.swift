internal import LinuxSystem
internal import Logging
internal import Reactor
internal import SystemPackage
internal import SystemTypes

/// Runs the commands that are to be told of events; supervision waits for none of them.
///
/// However slow they are, they take neither all processes nor all memory: few run at once, a few
/// more wait, and what comes then is dropped and counted.
final class HookRunner {
    /// One command that is to be run.
    struct Hook {
        /// For the log: `web: hook fatal`.
        let title: String
        let request: SpawnRequest
        /// No longer than a pipe holds, for nobody waits until it is read.
        let input: [UInt8]
    }

    static let runningMax = 4
    static let waitingMax = 16
    static let standardLimit = Duration.seconds(30)
    /// How long the end of the daemon waits for those that tell of it.
    static let patienceAtEnd = Duration.seconds(5)
    /// How long what is killed may take to be gone, which it is at once unless the kernel holds it.
    private static let patienceWithKernel = Duration.seconds(1)

    private let loop: EventLoop
    private let limit: Duration
    private let logger: Logger
    private var waiting: [Hook] = []
    private var errands: [Int: (title: String, errand: Errand)] = [:]
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
    var running: Int { errands.count }

    func run(_ hook: Hook) {
        guard running >= HookRunner.runningMax else { return start(hook) }
        guard waiting.count < HookRunner.waitingMax else {
            drops += 1
            logger.warning("\(hook.title) was dropped: too many hooks; \(drops) dropped so far")
            return
        }
        waiting.append(hook)
    }

    /// Calls back when all have ended; those that take too long for that are killed.
    func finish(then done: @escaping () -> Void) {
        onceIdle = done
        guard running > 0 else { return finished() }
        loop.callLater(HookRunner.patienceAtEnd) { [weak self] in
            guard let self else { return }
            waiting = []
            for (_, errand) in errands.values { errand.timeOut() }
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
            let null = try Files.openNull()
            let input = try HookRunner.pipe(holding: hook.input)
            let errand = try HookRunner.insistently(hook.request) { request throws(SpawnError) in
                try Errand(
                    request,
                    stdio: (input.raw, null.raw, 2),
                    limit: limit,
                    on: loop
                ) { [weak self] in
                    self?.ended(number, hook.title, $0)
                }
            }
            errands[number] = (hook.title, errand)
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
        errands.values.compactMap { title, errand in
            errand.state(luggage).map { HookState(title: title, errand: $0) }
        }
    }

    func restore(_ states: [HookState], _ luggage: Luggage) throws(Errno) {
        for state in states {
            lastNumber += 1
            let (number, title) = (lastNumber, state.title)
            let errand = try Errand(state.errand, luggage, on: loop) { [weak self] in
                self?.ended(number, title, $0)
            }
            errands[number] = (title, errand)
        }
    }

    private func ended(_ number: Int, _ title: String, _ ending: Errand.Ending) {
        switch ending {
        case .ended(.exited(0)): break
        case .ended(let status): logger.warning("\(title) failed: \(status)")
        case .timedOut: logger.warning("\(title) was killed, for it took too long")
        }
        errands[number] = nil
        while !waiting.isEmpty, running < HookRunner.runningMax {
            start(waiting.removeFirst())
        }
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
