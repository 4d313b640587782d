internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemTypes

/// Takes bytes to an output that lives on another loop.
///
/// So much may be on its way at a time. Beyond that nothing is taken, or what comes is dropped, as
/// the policy says: an output that is stuck then holds up nobody.
final class LogRelay: LogOutput {
    /// As much as a large pipe holds.
    private static let credit = 1 << 20
    /// How long somebody waits who need not: a burst is no reason to drop anything.
    private static let patience = Duration.milliseconds(100)

    private let inlet: Confined<LogInlet>
    private let target: EventLoop
    private let home: EventLoop
    private let counters: StreamCounters
    private var policy: LogPolicy
    private var inFlight = 0
    private var gate = DropGate()
    /// Since when nothing has been taken of what waits; `nil` while there is room.
    private var fullSince: Instant?
    private var waiting: [() -> Void] = []

    /// - Parameters:
    ///   - home: Its own loop.
    ///   - output: Makes the output, on the loop of `shard`.
    init(
        from home: EventLoop,
        to shard: LogShard,
        _ policy: LogPolicy,
        _ counters: StreamCounters,
        output: @escaping @Sendable (LogStreams) -> any LogOutput
    ) {
        self.home = home
        self.policy = policy
        self.counters = counters
        target = shard.loop
        let inlet = LogInlet()
        self.inlet = Confined(inlet, to: shard.loop)
        shard.post { [inlet = self.inlet] in inlet.value.output = output($0) }
    }

    private var room: Int { max(0, LogRelay.credit - inFlight) }

    private var stamp: [UInt8] {
        guard policy.timestamps else { return [] }
        var stamp = LineStamp()
        stamp.set(.now)
        return stamp.bytes
    }

    func append(_ bytes: RawSpan) -> Int {
        switch policy.onFull {
        case .block:
            let taken = bytes.extracting(first: room)
            send(taken)
            return taken.byteCount
        case .drop:
            if !gate.isDropping, bytes.byteCount > room, isPatient {
                let end = bytes.extracting(first: room).lastNewline.map { $0 + 1 } ?? 0
                return pass(bytes.extracting(first: end))
            }
            return pass(bytes)
        }
    }

    /// - Returns: How many bytes that was: all of them.
    private func pass(_ bytes: RawSpan) -> Int {
        counters.count(gate.append(bytes, room: room, stamp: stamp) { send($0) })
        return bytes.byteCount
    }

    /// Whether the output may yet come to it.
    private var isPatient: Bool {
        let since = fullSince ?? home.now
        fullSince = since
        return home.now < since + LogRelay.patience
    }

    private func send(_ bytes: RawSpan) {
        guard !bytes.isEmpty else { return }
        inFlight += bytes.byteCount
        let copy = bytes.withUnsafeBytes { Array($0) }
        let taken = Confined({ [weak self] (count: Int) in self?.taken(count) ?? () }, to: home)
        target.post { [inlet, home] in
            inlet.value.append(copy) { count in home.post { taken.value(count) } }
        }
    }

    private func taken(_ count: Int) {
        inFlight -= count
        fullSince = nil
        if room >= LogRelay.credit / 2 { gate.resume(stamp: stamp) { send($0) } }
        goOn()
    }

    func whenReady(_ body: @escaping () -> Void) {
        waiting.append(body)
        guard policy.onFull == .drop else { return }
        home.callLater(LogRelay.patience) { [weak self] in self?.goOn() }
    }

    private func goOn() {
        let bodies = waiting
        waiting = []
        for body in bodies { body() }
    }

    func settle(then done: @escaping () -> Void) {
        ask({ $0.settle(then: $1) }, then: done)
    }

    func endOfRun() {
        gate.endOfRun()
        if room > 0 { gate.resume(stamp: stamp) { send($0) } }
        target.post { [inlet] in inlet.value.endOfRun() }
    }

    func history(then done: @escaping (LogHistory?) -> Void) {
        let done = Confined(done, to: home)
        target.post { [inlet, home] in
            inlet.value.history { history in home.post { done.value(history) } }
        }
    }

    func remember(then done: @escaping (OutputMemory) -> Void) {
        let done = Confined(
            { [gate] (memory: OutputMemory) in done(OutputMemory(gate: gate, inner: [memory])) },
            to: home
        )
        target.post { [inlet, home] in
            inlet.value.remember { memory in home.post { done.value(memory) } }
        }
    }

    func recall(_ memory: OutputMemory) {
        gate = memory.gate
        guard let inner = memory.inner.first else { return }
        target.post { [inlet] in inlet.value.output?.recall(inner) }
    }

    func clear() {
        target.post { [inlet] in inlet.value.output?.clear() }
    }

    func rotate() {
        target.post { [inlet] in inlet.value.output?.rotate() }
    }

    func leave(_ counters: StreamCounters) {
        target.post { [inlet] in inlet.value.output?.leave(counters) }
    }

    func adopt(_ policy: LogPolicy) {
        self.policy = policy
        target.post { [inlet] in inlet.value.output?.adopt(policy) }
    }

    private func ask(
        _ question: @escaping @Sendable (LogInlet, @escaping () -> Void) -> Void,
        then done: @escaping () -> Void
    ) {
        let done = Confined(done, to: home)
        target.post { [inlet, home] in
            question(inlet.value) { home.post { done.value() } }
        }
    }
}
