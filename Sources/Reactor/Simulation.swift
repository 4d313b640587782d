package import LinuxSystem
internal import SystemPackage
package import SystemTypes

/// What a loop in a test has in place of the clock, and of the kernel's moods.
///
/// The one seam between the loop and `ReactorTesting`, which implements it; a loop that works for
/// its living has none, and asks the kernel.
package protocol Simulation: AnyObject, Sendable {
    /// The virtual present; for any thread.
    var now: Instant { get }

    /// How long descriptors that are watched have, in real time, before virtual time passes.
    var patience: Duration { get }

    /// Lets time pass, for nobody has anything to do before `deadline`; `nil` stands for never.
    func pass(to deadline: Instant?) -> Passage

    /// In which order to handle the reports of one moment: each of `0..<count`, once.
    func order(of count: Int) -> [Int]

    /// How many of `count` bytes may go now; `nil` for none, which is the kernel's EAGAIN.
    func allowance(for transfer: Transfer, of count: Int) -> Int?

    /// Why the next spawn fails, if it has to.
    func spawnFailure() -> SpawnError?
}

/// What becomes of a loop that has nothing to do; see ``Simulation/pass(to:)``.
package enum Passage: Sendable {
    /// The deadline has come.
    case arrived
    /// There is no deadline: wait for somebody else, in real time.
    case sleep
    /// As far as was asked for: leave the run.
    case leave
}

/// Which way bytes go, and whether EAGAIN is possible.
package enum Transfer: Sendable {
    case read
    /// The kernel has just said that bytes are there.
    case readOfKnown
    case write
}

/// Reads and writes of the loop's streams and transports, all of which go through here.
extension OwnedFD {
    /// Reads once.
    ///
    /// - Returns: How many bytes came; 0 at the end; `nil` if there is nothing now.
    func read(
        into buffer: UnsafeMutableRawBufferPointer,
        on loop: EventLoop,
        as transfer: Transfer = .read
    ) throws(Errno) -> Int? {
        guard let simulation = loop.simulation else { return try read(into: buffer) }
        guard let count = simulation.allowance(for: transfer, of: buffer.count) else { return nil }
        return try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    }

    /// Writes once.
    ///
    /// - Returns: How many bytes went; `nil` if none can go now.
    func write(_ bytes: UnsafeRawBufferPointer, on loop: EventLoop) throws(Errno) -> Int? {
        guard let simulation = loop.simulation else { return try write(bytes) }
        guard let count = simulation.allowance(for: .write, of: bytes.count) else { return nil }
        return try write(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }

    /// Receives once, with what comes along; see `OwnedFD.receive(into:)`.
    func receive(
        into buffer: UnsafeMutableRawBufferPointer,
        on loop: EventLoop
    ) throws(Errno) -> SocketMessage? {
        // A datagram comes whole or not at all.
        if let simulation = loop.simulation,
            simulation.allowance(for: .read, of: buffer.count) == nil
        {
            return nil
        }
        return try receive(into: buffer)
    }

    /// As ``send(_:on:)``, along with descriptors.
    func send(
        _ bytes: UnsafeRawBufferPointer,
        passing descriptors: [CInt],
        on loop: EventLoop
    ) throws(Errno) -> Int? {
        guard let simulation = loop.simulation else {
            return try send(bytes, passing: descriptors)
        }
        guard let count = simulation.allowance(for: .write, of: bytes.count) else { return nil }
        return try send(UnsafeRawBufferPointer(rebasing: bytes[..<count]), passing: descriptors)
    }

    /// As ``write(_:on:)``, for a socket.
    func send(_ bytes: UnsafeRawBufferPointer, on loop: EventLoop) throws(Errno) -> Int? {
        guard let simulation = loop.simulation else { return try send(bytes) }
        guard let count = simulation.allowance(for: .write, of: bytes.count) else { return nil }
        return try send(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }

    /// As ``write(_:on:)``, of several pieces one after the other.
    func write(_ pieces: [UnsafeRawBufferPointer], on loop: EventLoop) throws(Errno) -> Int? {
        guard let pieces = loop.allowed(pieces) else { return nil }
        return try write(pieces)
    }

    /// As ``send(_:on:)``, of several pieces one after the other.
    func send(_ pieces: [UnsafeRawBufferPointer], on loop: EventLoop) throws(Errno) -> Int? {
        guard let pieces = loop.allowed(pieces) else { return nil }
        return try send(pieces)
    }
}

extension EventLoop {
    /// Those of the bytes that may be written now; `nil` for none.
    fileprivate func allowed(_ pieces: [UnsafeRawBufferPointer]) -> [UnsafeRawBufferPointer]? {
        guard let simulation else { return pieces }
        let count = pieces.reduce(0) { $0 + $1.count }
        return simulation.allowance(for: .write, of: count).map { pieces.prefix(bytes: $0) }
    }
}
