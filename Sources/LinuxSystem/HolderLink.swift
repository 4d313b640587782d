internal import CLinux
internal import Glibc
public import SystemPackage
public import SystemTypes

/// The way from keepd to keepd-holder, the process that has started it and outlives it.
///
/// What the two say to each other stands in `clinux_holder.h`.
public struct HolderLink: ~Copyable, Sendable {
    /// The variable that says where it is.
    public static let variable = "KEEPD_HOLDER"

    /// How long a holder that was stopped may hold up whoever asks something of it.
    private static let patience = Duration.seconds(1)

    public let process: ProcessID
    private let socket: OwnedFD
    private let memory: OwnedFD
    private let header: clinux_holder_header

    /// Takes over the descriptors that the variable names.
    ///
    /// - Returns: `nil` if the variable is about another process, or about another kind of holder.
    public init?(variable: String) {
        let numbers = variable.split(separator: ":").compactMap { CInt($0) }
        guard numbers.count == 3, numbers[0] == getppid(), let header = Header(in: numbers[2]),
            fcntl(numbers[1], F_SETFD, FD_CLOEXEC) == 0,
            fcntl(numbers[2], F_SETFD, FD_CLOEXEC) == 0
        else { return nil }
        process = ProcessID(rawValue: numbers[0])
        socket = OwnedFD(adopting: numbers[1])
        memory = OwnedFD(adopting: numbers[2])
        self.header = header.record
        clinux_set_send_patience(socket.raw, HolderLink.patience.nanoseconds / 1_000)
    }

    /// Those of the variable, for a process that executes another program.
    public var descriptors: [CInt] { [socket.raw, memory.raw] }

    /// Becomes readable when an exit was written down, and is hung up when the holder is gone.
    public var raw: CInt { socket.raw }

    // MARK: - Asking

    /// Has the holder keep what `descriptor` refers to, in place of what the slot held before.
    ///
    /// - Parameter name: Of at most 255 bytes.
    /// - Throws: `.wouldBlock` if the holder has not taken anything for a second.
    public func keep(_ descriptor: CInt, as name: String, in slot: Int) throws(Errno) {
        try ask(CLINUX_HOLDER_KEEP, slot, name, passing: [descriptor])
    }

    public func forget(_ slot: Int) throws(Errno) {
        try ask(CLINUX_HOLDER_FORGET, slot)
    }

    /// Says that from now on an exit of this process is meant.
    public func serve() throws(Errno) {
        try ask(CLINUX_HOLDER_SERVING, CLINUX_HOLDER_SLOTS)
    }

    /// Says that it was told to end, so that the next one is as well if it dies before.
    public func end() throws(Errno) {
        try ask(CLINUX_HOLDER_ENDING, CLINUX_HOLDER_SLOTS)
    }

    private func ask(
        _ order: clinux_holder_order,
        _ slot: Int,
        _ name: String = "",
        passing descriptors: [CInt] = []
    ) throws(Errno) {
        var request = clinux_holder_request()
        request.order = order.rawValue
        request.slot = UInt32(slot)
        withUnsafeMutableBytes(of: &request.name) { $0.copyBytes(from: name.utf8.prefix(255)) }
        let sent = try withUnsafeBytes(of: request) { bytes throws(Errno) in
            try socket.send(bytes, passing: descriptors)
        }
        if sent == nil { throw .wouldBlock }
    }

    // MARK: - Looking

    /// Hears what it has said, which is only that there is more to look at.
    ///
    /// - Returns: Whether it is still there.
    public func hear() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { buffer in
            while true {
                let count = recv(socket.raw, buffer.baseAddress, 1, CInt(MSG_DONTWAIT))
                if count == 0 || (count == -1 && errno != EAGAIN && errno != EINTR) { return false }
                if count == -1, errno == EAGAIN { return true }
            }
        }
    }

    /// As ``kept``, of a process that the holder has started; the descriptors are the caller's.
    public func takeKept() -> [(slot: Int, name: String, raw: CInt)] {
        let kept = kept
        for slot in kept { _ = fcntl(slot.raw, F_SETFD, FD_CLOEXEC) }
        return kept
    }

    /// What it had kept when this process began: where, under which name, and as which descriptor.
    public var kept: [(slot: Int, name: String, raw: CInt)] {
        (0..<Int(header.slots)).compactMap { number in
            let place =
                CLINUX_HOLDER_SLOTS_AT
                + number * MemoryLayout<clinux_holder_slot>.stride
            guard let slot = readRecord(clinux_holder_slot.self, from: memory.raw, at: place),
                slot.descriptor >= 0
            else { return nil }
            let name = withUnsafeBytes(of: slot.name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            return (number, name, slot.descriptor)
        }
    }

    /// How the keepd before this one ended; `nil` if there was none.
    public var last: Exit? { header.last.pid == 0 ? nil : Exit(header.last) }

    /// The exits from number `first` on, as far as they are still known; the first one is number 0.
    public func exits(from first: UInt64) -> (exits: [Exit], next: UInt64) {
        guard let count = Header(in: memory.raw)?.record.exits else {
            return ([], first)
        }
        let capacity = UInt64(CLINUX_HOLDER_EXITS)
        let oldest = max(first, count > capacity ? count - capacity : 0)
        let exits = (oldest..<max(oldest, count)).compactMap { number in
            let place =
                CLINUX_HOLDER_EXITS_AT
                + Int(number % capacity) * MemoryLayout<clinux_holder_exit>.stride
            return readRecord(clinux_holder_exit.self, from: memory.raw, at: place).map(Exit.init)
        }
        return (exits, count)
    }

    /// The end of a process that was a child of the holder.
    public struct Exit: Equatable, Sendable {
        public let process: ProcessID
        public let status: ExitStatus
        /// When it was reaped; not before that could another get its number.
        public let at: Instant

        public init(process: ProcessID, status: ExitStatus, at: Instant) {
            (self.process, self.status, self.at) = (process, status, at)
        }

        fileprivate init(_ record: clinux_holder_exit) {
            self.init(
                process: ProcessID(rawValue: record.pid),
                status: ExitStatus(code: record.code, status: record.status),
                at: Instant(nanoseconds: record.nanoseconds)
            )
        }
    }
}

/// The header of the memory, if it is of the version that is known here.
private struct Header {
    let record: clinux_holder_header

    init?(in raw: CInt) {
        guard let record = readRecord(clinux_holder_header.self, from: raw, at: 0),
            record.version == CLINUX_HOLDER_VERSION
        else { return nil }
        self.record = record
    }
}

/// Reads a record of C at a place in a file; `nil` if it is not there.
private func readRecord<Record: BitwiseCopyable>(
    _ type: Record.Type,
    from raw: CInt,
    at place: Int
) -> Record? {
    withUnsafeTemporaryAllocation(of: type, capacity: 1) { buffer in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        guard pread(raw, bytes.baseAddress, bytes.count, place) == bytes.count else { return nil }
        return bytes.loadUnaligned(as: type)
    }
}
