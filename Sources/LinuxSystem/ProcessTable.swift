internal import Glibc
public import SystemTypes

/// What /proc says about processes; all of it may be out of date when it is read.
///
/// Source: proc(5).
public enum ProcessTable {
    /// A line of `/proc/PID/stat`, as far as keepd has use for it.
    public struct Entry: Equatable, Sendable {
        public let process: ProcessID
        /// The name of the program, cut to 15 bytes.
        public let command: String
        /// One letter, such as `R`, `S`, `D` or `Z`.
        public let state: Character
        /// 0 for a process whose parent lives outside of this process id name space.
        public let parent: Int32
        public let group: Int32
        public let session: Int32
        /// User and system time of all threads.
        public let processorTime: Duration
        public let threads: Int
        /// Ticks since boot; with the number, it tells a process from a later one.
        public let startTime: UInt64
        public let residentBytes: Int

        /// Whether it has ended and only waits to be reaped.
        ///
        /// The first thread of a process can end before the others, and looks the same.
        public var hasEnded: Bool { (state == "Z" && threads <= 1) || state == "X" }
    }

    /// `nil` if there is no such process.
    public static func entry(of process: ProcessID) -> Entry? {
        guard let text = read("/proc/\(process)/stat") else { return nil }
        return Entry(text, pageSize: pageSize, ticksPerSecond: ticksPerSecond)
    }

    /// The children of all threads of `process`; in no order.
    ///
    /// Needs `/proc/PID/task/TID/children` (CONFIG_PROC_CHILDREN); where a kernel is built without
    /// it, every process is asked for its parent.
    public static func children(of process: ProcessID) -> [ProcessID] {
        let tasks = "/proc/\(process)/task"
        guard hasChildrenFiles else {
            return numbers(in: "/proc").filter { entry(of: $0)?.parent == process.rawValue }
        }
        return numbers(in: tasks).flatMap { task in
            numbers(text: read("\(tasks)/\(task)/children") ?? [])
        }
    }

    /// All that can be seen, in no order.
    public static var all: [ProcessID] { numbers(in: "/proc") }

    /// Where a process has its process ids and its mounts; `nil` where that must not be seen.
    ///
    /// Source: namespaces(7).
    public static func nameSpaces(of process: ProcessID) -> [String]? {
        let names = ["pid", "mnt"].compactMap { link("/proc/\(process)/ns/\($0)") }
        return names.count == 2 ? names : nil
    }

    /// The environment with which the program was executed, as `NAME=value`.
    ///
    /// What it has changed since does not show. Empty where it must not be read.
    public static func environment(of process: ProcessID) -> [String] {
        guard let text = read("/proc/\(process)/environ") else { return [] }
        return text.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The words of its command line; the name in brackets where there are none.
    public static func commandLine(of process: ProcessID) -> String {
        let words = (read("/proc/\(process)/cmdline") ?? []).split(separator: 0)
        if !words.isEmpty {
            return words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        }
        return entry(of: process).map { "[\($0.command)]" } ?? "?"
    }

    /// What a descriptor of a process leads to, as a path, or as `pipe:[4242]`.
    ///
    /// `nil` where it is closed, and where it must not be seen.
    public static func openFile(_ descriptor: CInt, of process: ProcessID) -> String? {
        link("/proc/\(process)/fd/\(descriptor)")
    }

    static func link(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let length = readlink(path, start, buffer.count)
            guard length > 0 else { return nil }
            return String(
                decoding: UnsafeRawBufferPointer(start: start, count: length),
                as: UTF8.self
            )
        }
    }

    public static let current = ProcessID(rawValue: getpid())

    private static let hasChildrenFiles =
        read("/proc/thread-self/children") != nil
    private static let pageSize = Int(sysconf(CInt(_SC_PAGESIZE)))
    private static let ticksPerSecond = Int(sysconf(CInt(_SC_CLK_TCK)))

    private static func numbers(in directory: String) -> [ProcessID] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var numbers: [ProcessID] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = Int32(name), number > 0 { numbers.append(ProcessID(rawValue: number)) }
        }
        return numbers
    }

    private static func numbers(text: [UInt8]) -> [ProcessID] {
        text.split(separator: UInt8(ascii: " ")).compactMap {
            Int32(String(decoding: $0, as: UTF8.self)).map(ProcessID.init(rawValue:))
        }
    }

    private static func read(_ path: String) -> [UInt8]? {
        let raw = open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        let file = OwnedFD(adopting: raw)
        var text: [UInt8] = []
        return withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { buffer in
            while true {
                // A process that ends while it is read gives ESRCH.
                guard let count = try? file.read(into: buffer) else { return nil }
                if count == 0 { return text }
                text.append(contentsOf: buffer[..<count])
            }
        }
    }
}

extension ProcessTable.Entry {
    /// Reads a line of `/proc/PID/stat`; `nil` if it is none.
    init?(_ line: [UInt8], pageSize: Int, ticksPerSecond: Int) {
        // The name stands in parentheses and may hold anything, parentheses and blanks too: the
        // last closing one ends it.
        guard let open = line.firstIndex(of: UInt8(ascii: "(")),
            let close = line.lastIndex(of: UInt8(ascii: ")")), open < close,
            let number = Int32(String(decoding: line[..<open].dropLast(), as: UTF8.self)),
            number > 0
        else { return nil }
        let fields = line[(close + 1)...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        // proc(5) counts from 1, and the field after the name is number 3.
        func field<Number: FixedWidthInteger>(_ index: Int) -> Number? {
            fields.indices.contains(index - 3) ? Number(fields[index - 3]) : nil
        }
        guard let parent: Int32 = field(4), let group: Int32 = field(5),
            let session: Int32 = field(6), let userTime: Int = field(14),
            let systemTime: Int = field(15), let threads: Int = field(20),
            let startTime: UInt64 = field(22),
            let residentPages: Int = field(24), let state = fields[0].first
        else { return nil }
        process = ProcessID(rawValue: number)
        command = String(decoding: line[(open + 1)..<close], as: UTF8.self)
        self.state = state
        self.parent = parent
        self.group = group
        self.session = session
        processorTime = .milliseconds((userTime + systemTime) * 1_000 / ticksPerSecond)
        self.threads = threads
        self.startTime = startTime
        residentBytes = residentPages * pageSize
    }
}
