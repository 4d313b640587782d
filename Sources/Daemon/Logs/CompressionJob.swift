internal import Gzip
internal import LinuxSystem
internal import Synchronization
internal import SystemPackage

/// One file on its way to be compressed.
final class CompressionJob: Sendable {
    enum Outcome: Sendable {
        case compressed, cancelled
        case failed(Errno)
    }

    /// Of the plain file.
    let identity: FileStatus.Identity
    let isCancelled = Atomic(false)

    init(_ identity: FileStatus.Identity) {
        self.identity = identity
    }

    /// Reads one file and writes the other, which the disk has when it returns.
    ///
    /// Takes over both descriptors; may take its time.
    func compress(_ from: CInt, _ to: CInt) -> Outcome {
        let source = OwnedFD(adopting: from)
        let draft = OwnedFD(adopting: to)
        do throws(Errno) {
            var writer = GzipWriter()
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 262_144, alignment: 16)
            defer { buffer.deallocate() }
            var count = 0
            repeat {
                if isCancelled.load(ordering: .relaxed) { return .cancelled }
                count = try source.read(into: buffer) ?? 0
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                try writer.append(bytes, isLast: count == 0) { (compressed) throws(Errno) in
                    try draft.writeAll(compressed)
                }
            } while count > 0
            try draft.setModified(source.status.modified)
            try draft.synchronize()
            return .compressed
        } catch {
            return .failed(error)
        }
    }
}
