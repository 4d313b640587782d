internal import LinuxSystem
internal import Reactor
internal import Synchronization
internal import SystemPackage
internal import SystemTypes

/// The clock, and the chance that decides what the kernel would: both follow from a seed.
///
/// All but ``now`` is for the loop's thread.
final class SimulatedWorld: Simulation, @unchecked Sendable {
    /// How far time may pass by itself.
    enum Horizon {
        /// To each deadline that there is.
        case none
        /// To this moment, and then the run ends.
        case at(Instant)
    }

    private let nanoseconds = Atomic<Int64>(0)
    // Two, so that what goes wrong has no influence on the order of what does not.
    private var order: SplitMix64
    private var accidents: SplitMix64
    let patience: Duration
    var horizon = Horizon.none
    var faults: Faults {
        didSet { precondition(faults.isValid, "no chances: \(faults)") }
    }

    init(seed: UInt64, faults: Faults, patience: Duration) {
        precondition(faults.isValid, "no chances: \(faults)")
        var seeds = SplitMix64(seed: seed)
        order = SplitMix64(seed: seeds.next())
        accidents = SplitMix64(seed: seeds.next())
        self.faults = faults
        self.patience = patience
    }

    var now: Instant { Instant(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

    private func move(to instant: Instant) {
        precondition(instant >= now, "time goes back")
        nanoseconds.store(instant.nanoseconds, ordering: .relaxed)
    }

    func pass(to deadline: Instant?) -> Passage {
        switch horizon {
        case .none:
            guard let deadline else { return .sleep }
            move(to: deadline)
            return .arrived
        case .at(let end):
            if let deadline, deadline <= end {
                move(to: deadline)
                return .arrived
            }
            move(to: end)
            return .leave
        }
    }

    func order(of count: Int) -> [Int] {
        (0..<count).shuffled(using: &order)
    }

    func allowance(for transfer: Transfer, of count: Int) -> Int? {
        let (blocked, short) =
            switch transfer {
            case .read: (faults.blockedReads, faults.shortReads)
            case .readOfKnown: (0, faults.shortReads)
            case .write: (faults.blockedWrites, faults.shortWrites)
            }
        if accidents.happens(blocked) { return nil }
        guard count > 1, accidents.happens(short) else { return count }
        return part(of: count)
    }

    /// From 1 to `count`, each magnitude as likely as another: mostly far less than half.
    private func part(of count: Int) -> Int {
        let magnitude = Int.random(
            in: 0..<(Int.bitWidth - count.leadingZeroBitCount),
            using: &accidents
        )
        return min(count, Int.random(in: (1 << magnitude)..<(2 << magnitude), using: &accidents))
    }

    func spawnFailure() -> SpawnError? {
        accidents.happens(faults.failedSpawns) ? SpawnError(.clone, .tooManyOpenFiles) : nil
    }
}
