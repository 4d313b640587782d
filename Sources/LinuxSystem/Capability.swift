/// A part of what root may do.
///
/// Source: capabilities(7), linux/capability.h of Linux 6.1.
public struct Capability: Hashable, Sendable {
    /// 0...63; the kernel may know less.
    public let number: Int32

    public init?(number: Int32) {
        guard (0..<64).contains(number) else { return nil }
        self.number = number
    }

    /// Reads `CAP_NET_BIND_SERVICE`, in any case, with or without `CAP_`; `nil` if there is none.
    public init?(name: String) {
        var name = name.uppercased()
        if name.hasPrefix("CAP_") { name.removeFirst(4) }
        guard let index = Capability.names.firstIndex(of: name) else { return nil }
        number = Int32(index)
    }

    /// Without `CAP_`, by number.
    public static let names: [String] = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
        "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
        "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT",
        "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD",
        "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG",
        "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ]
}

extension Capability: CustomStringConvertible {
    public var description: String {
        let index = Int(number)
        return "CAP_" + (index < Capability.names.count ? Capability.names[index] : "\(number)")
    }
}
