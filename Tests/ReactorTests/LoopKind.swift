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

/// Runs `body` on a new loop, to its end.
///
/// A child has to be waited for in it: one that nobody reaps keeps Testing from seeing the ends of
/// its own, and its exit tests then never end.
func onLoop<Result: Sendable>(
    _ kind: LoopKind,
    _ body: @escaping @Sendable (EventLoop) async throws -> Result
) throws -> Result {
    let loop = try kind.makeLoop()
    defer { loop.close() }
    return try loop.runUntilComplete { try await body(loop) }
}
