/// What /proc says about the control groups of a process.
///
/// Source: cgroups(7), proc(5) "mountinfo" and "cgroup".
enum CgroupPlaces {
    /// Where the hierarchy of version 2 is mounted, and which of its groups is at that place.
    struct Mount: Equatable {
        let directory: String
        /// `/` unless only a part of the hierarchy is mounted.
        let root: String
    }

    /// Reads `/proc/PID/mountinfo`; `nil` where there is no version 2, hybrid or pure.
    static func mount(in mountinfo: String) -> Mount? {
        for line in mountinfo.split(separator: "\n") {
            let fields = line.split(separator: " ")
            // Optional fields end in a lone hyphen, and the type comes after it.
            guard let hyphen = fields.firstIndex(of: "-"), hyphen >= 6,
                fields.indices.contains(hyphen + 1), fields[hyphen + 1] == "cgroup2"
            else { continue }
            return Mount(directory: unescape(fields[4]), root: unescape(fields[3]))
        }
        return nil
    }

    /// Reads `/proc/PID/cgroup`: the path of the group of version 2, from the root of the hierarchy
    /// as the reader sees it.
    static func path(in cgroup: String) -> String? {
        for line in cgroup.split(separator: "\n") where line.hasPrefix("0::") {
            let path = line.dropFirst(3)
            // A group that was removed while a process of it still ran, or a zombie.
            return path.hasSuffix(" (deleted)") ? nil : String(path)
        }
        return nil
    }

    /// The directory of a group; `nil` where it lies outside of what is mounted.
    static func directory(of path: String, in mount: Mount) -> String? {
        if mount.root == "/" { return path == "/" ? mount.directory : mount.directory + path }
        if path == mount.root { return mount.directory }
        guard path.hasPrefix(mount.root + "/") else { return nil }
        return mount.directory + path.dropFirst(mount.root.count)
    }

    /// Blanks, tabs, newlines and backslashes are written as three octal digits.
    private static func unescape(_ text: Substring) -> String {
        var (bytes, rest) = ([UInt8](), text.utf8[...])
        while let byte = rest.popFirst() {
            let digits = String(rest.prefix(3)) ?? ""
            if byte == UInt8(ascii: "\\"), digits.utf8.count == 3,
                let value = UInt8(digits, radix: 8)
            {
                bytes.append(value)
                rest.removeFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
