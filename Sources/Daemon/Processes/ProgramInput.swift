internal import LinuxSystem
internal import Reactor

/// The writing end of a program's standard input, which keepd keeps open over all its runs.
final class ProgramInput {
    /// What a program has not read is kept up to here, beside the pipe's own 64 KiB.
    private static let unreadMax = 1 << 20

    private var descriptor: OwnedFD?
    /// From the first write on, for most programs are never written to.
    private var transport: Transport?

    /// Taken by a daemon before this one.
    private var unsent: [UInt8]

    init(_ descriptor: consuming OwnedFD, unsent: [UInt8] = []) {
        self.descriptor = consume descriptor
        self.unsent = unsent
    }

    /// Goes on with what is left to be sent.
    func resume(on loop: EventLoop) {
        if !unsent.isEmpty { _ = write([], on: loop) }
    }

    /// `nil` once the program has closed its end.
    func state(_ luggage: Luggage) -> InputState? {
        let unsent = transport?.bufferedBytes ?? unsent
        let raw: CInt?
        switch descriptor {
        case .some(let descriptor): raw = descriptor.raw
        case nil: raw = transport?.descriptor
        }
        return raw.map { InputState(descriptor: luggage.pack($0), unsent: Blob(unsent)) }
    }

    /// Writes now or later, all of it or nothing.
    ///
    /// - Returns: Whether it was taken; if not, the program has left too much unread.
    func write(_ bytes: [UInt8], on loop: EventLoop) -> Bool {
        if let descriptor = descriptor.take() {
            transport = try? Transport(descriptor, kind: .writePipe, loop: loop)
            transport?.write(unsent)
            unsent = []
        }
        guard let transport,
            transport.bufferedByteCount + bytes.count <= ProgramInput.unreadMax
        else { return false }
        transport.write(bytes)
        return true
    }
}
