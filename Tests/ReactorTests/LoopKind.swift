import Reactor
import ReactorTesting

/// What the promises of a loop hold on; most tests run on each.
enum LoopKind: CaseIterable {
    /// In real time, on what the kernel says.
    case real
    /// In virtual time.
    case simulated
    /// In virtual time, with reads and writes that often do less than they could.
    case sluggish

    /// For tests that count what one read or write moves.
    static let punctual: [LoopKind] = [.real, .simulated]

    func makeLoop() throws -> EventLoop {
        switch self {
        case .real: try EventLoop()
        case .simulated: try SimulatedLoop(seed: 1).loop
        case .sluggish: try SimulatedLoop(seed: 2, faults: .slowTransfers).loop
        }
    }
}
