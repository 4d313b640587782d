internal import CSystemd

/// The descriptors that a service manager has passed to this process.
///
/// Source: sd_listen_fds_with_names(3).
public enum PassedDescriptors {
    /// Takes them over; another call, here or in a program that this one executes, finds none.
    ///
    /// - Returns: In the order of the manager, which is: sockets first, then what it has kept, the
    ///   newest first. They are close-on-exec.
    public static func take() -> [(name: String, descriptor: CInt)] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        // None, or variables that make no sense.
        guard count > 0 else { return [] }
        defer { free(names) }
        return (0..<Int(count)).map { index in
            let name = names?[index]
            defer { free(name) }
            return (name.map { String(cString: $0) } ?? "", SD_LISTEN_FDS_START + CInt(index))
        }
    }
}
