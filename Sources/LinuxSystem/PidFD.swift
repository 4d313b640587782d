internal import CLinux
internal import Glibc
public import SystemPackage
public import SystemTypes

/// A process that cannot be mistaken for a later one with the same number.
///
/// A poller sees it as readable once the process has ended.
///
/// Source: `pidfd_open(2)`, Linux 5.3; `waitid(2)` with `P_PIDFD`, Linux 5.4.
public struct PidFD: ~Copyable, Sendable {
    private let fd: OwnedFD

    /// - Throws: `.noSuchProcess` if it has been reaped.
    public init(opening process: ProcessID) throws(Errno) {
        fd = OwnedFD(adopting: try syscall { clinux_pidfd_open(process.rawValue) })
    }

    /// Takes over what is one already.
    public init(adopting descriptor: consuming OwnedFD) {
        fd = descriptor
    }

    public var raw: CInt { fd.raw }

    /// - Throws: `.noSuchProcess` if it has ended and been reaped.
    public func send(_ signal: Signal) throws(Errno) {
        let raw = fd.raw
        try syscall { clinux_pidfd_send_signal(raw, signal.rawValue) }
    }

    /// Collects how a child ended, without waiting; `nil` while it runs.
    ///
    /// - Throws: `.noChildProcess` if it is not a child of this process, or reaped already.
    public func reap() throws(Errno) -> Ended? {
        let raw = fd.raw
        var record = clinux_ended()
        let hasEnded = try syscall { clinux_pidfd_reap(raw, &record) }
        return hasEnded == 1 ? Ended(record) : nil
    }

    /// How a process ended that somebody else has reaped; `nil` before that, and where the kernel
    /// does not remember it.
    ///
    /// Source: `PIDFD_GET_INFO` with `PIDFD_INFO_EXIT`, Linux 6.15; a poller sees a hang-up then.
    public var statusOfReaped: ExitStatus? {
        var status: CInt = 0
        guard clinux_pidfd_exit_status(fd.raw, &status) == 1 else { return nil }
        // The word of wait(2): the signal, the mark of a core dump, and the code.
        guard let signal = Signal(rawValue: status & 0x7F) else {
            return .exited(status >> 8 & 0xFF)
        }
        return .signaled(signal, coreDumped: status & 0x80 != 0)
    }

    /// Which process a pidfd stands for; `nil` once it has been reaped, and for what is no pidfd.
    ///
    /// Source: pidfd_open(2), `/proc/PID/fdinfo`, Linux 5.5.
    public static func process(of descriptor: borrowing OwnedFD) -> ProcessID? {
        let path = "/proc/self/fdinfo/\(descriptor.raw)"
        let bytes = (try? Files.read(path, bytesMax: 4_096)) ?? []
        let line = bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "Pid:".utf8) }
        let text = line.map { String(decoding: $0.dropFirst(4), as: UTF8.self) }
        let number = text.flatMap { Int32($0.drop { $0 == " " || $0 == "\t" }) } ?? 0
        return number > 0 ? ProcessID(rawValue: number) : nil
    }

    /// The end of a child.
    public struct Ended: Equatable, Sendable {
        public let status: ExitStatus
        public let usage: ResourceUsage

        fileprivate init(_ record: clinux_ended) {
            status = ExitStatus(code: record.code, status: record.status)
            usage = ResourceUsage(
                userTime: .microseconds(record.user_microseconds),
                systemTime: .microseconds(record.system_microseconds),
                residentBytesMax: Int(record.resident_kilobytes_max) * 1_024
            )
        }
    }
}

extension ExitStatus {
    /// From `si_code` and `si_status` of waitid(2).
    init(code: CInt, status: CInt) {
        if code != CInt(CLD_EXITED), let signal = Signal(rawValue: status) {
            self = .signaled(signal, coreDumped: code == CInt(CLD_DUMPED))
        } else {
            self = .exited(status)
        }
    }
}

/// Signals every process of a group.
///
/// The number of a group stays taken as long as its leader has not been reaped. Send to the group
/// of a child that you have not reaped, and to no other.
///
/// Source: kill(2).
public func sendSignal(_ signal: Signal, toGroupOf leader: ProcessID) throws(Errno) {
    try syscall { kill(-leader.rawValue, signal.rawValue) }
}
