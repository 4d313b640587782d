import SystemTypes

extension Security {
    mutating func read(_ keys: ObjectReader) {
        keys.read("noNewPrivileges", into: &noNewPrivileges, as: .boolean)
        keys.read("capabilities", into: &capabilities, as: .array(of: .capability))
        keys.read("chroot", into: &chroot, as: .path)
    }

    /// In the order of their numbers.
    ///
    /// Source: capabilities(7), Linux 5.9.
    public static let capabilityNames = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
        "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
        "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE",
        "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME",
        "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ].map { "CAP_\($0)" }
}

extension Form where Value == String {
    /// With or without `CAP_`, in letters of either case.
    fileprivate static var capability: Form {
        Form { value throws(Objection) in
            let text = try string.read(value)
            let upper = text.uppercased()
            let name = upper.hasPrefix("CAP_") ? upper : "CAP_\(upper)"
            guard Security.capabilityNames.contains(name) else {
                throw Objection(
                    text,
                    .noSuch(.capability),
                    suggestion: Spelling.closest(to: name, among: Security.capabilityNames)
                )
            }
            return name
        }
    }
}
