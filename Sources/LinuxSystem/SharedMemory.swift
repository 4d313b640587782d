internal import CLinux
internal import Glibc
public import SystemPackage

/// A file that is nowhere but in memory, and is written to by plain stores.
///
/// It lasts as long as anybody has a descriptor of it: what a process has written there by the time
/// it is killed is seen by whoever opens it next.
///
/// Source: memfd_create(2); mmap(2), MAP_SHARED.
public struct SharedMemory: ~Copyable {
    private let file: OwnedFD
    /// Moves when it grows; never to be kept.
    public private(set) var bytes: UnsafeMutableRawBufferPointer

    /// - Parameter name: For `/proc/PID/maps`.
    public init(name: String, byteCount: Int) throws(Errno) {
        let file = try MemoryFile.make(name)
        try file.setSize(byteCount)
        bytes = try file.map(byteCount)
        self.file = file
    }

    /// Takes over what another process has written.
    ///
    /// Whoever else has the file must not make it smaller, or a read of it ends the process.
    public init(adopting file: consuming OwnedFD) throws(Errno) {
        let size = try file.status.size
        guard size > 0 else { throw .invalidArgument }
        bytes = try file.map(size)
        self.file = file
    }

    public var raw: CInt { file.raw }

    /// What comes to it is zero.
    public mutating func grow(to byteCount: Int) throws(Errno) {
        precondition(byteCount >= bytes.count)
        try file.setSize(byteCount)
        let start = clinux_remap(bytes.baseAddress, bytes.count, byteCount)
        guard start != MAP_FAILED else { throw Errno(rawValue: errno) }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }

    /// Makes all of it zero, and gives the memory back to the system.
    ///
    /// Source: madvise(2), `MADV_REMOVE`.
    public mutating func clear() {
        guard madvise(bytes.baseAddress, bytes.count, MADV_REMOVE) != 0 else { return }
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        munmap(bytes.baseAddress, bytes.count)
    }
}

extension OwnedFD {
    fileprivate func setSize(_ byteCount: Int) throws(Errno) {
        let raw = raw
        try syscall { ftruncate(raw, byteCount) }
    }

    fileprivate func map(_ byteCount: Int) throws(Errno) -> UnsafeMutableRawBufferPointer {
        let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, raw, 0)
        guard start != MAP_FAILED else { throw Errno(rawValue: errno) }
        return UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }
}
