internal import LinuxSystem
internal import Reactor

/// The writing end of a program's standard input, which keepd keeps open over all its runs.
final class ProgramInput {
    /// What a program has not read is kept up to here, beside the pipe's own 64 KiB.
    private static let unreadMax = 1 << 20

    private var descriptor: OwnedFD?
    /// From the first write on, for most programs are never written to.
    private var transport: Transport?

    init(_ descriptor: consuming OwnedFD) {
        self.descriptor = consume descriptor
    }

    /// Writes now or later, all of it or nothing.
    ///
    /// - Returns: Whether it was taken; if not, the program has left too much unread.
    func write(_ bytes: [UInt8], on loop: EventLoop) -> Bool {
        if let descriptor = descriptor.take() {
            transport = try? Transport(descriptor, kind: .writePipe, loop: loop)
        }
        guard let transport,
            transport.bufferedByteCount + bytes.count <= ProgramInput.unreadMax
        else { return false }
        transport.write(bytes)
        return true
    }
}
