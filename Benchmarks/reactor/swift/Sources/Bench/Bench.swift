import Glibc

/// What the benchmark programs in Swift have in common: a command line, and the line they print.
public enum Bench {
    /// The child that floods, and the file that a flood ends in; set by run.py.
    public static let flood = variable("BENCH_FLOOD") ?? ".build/bench/flood"
    public static let sink = variable("BENCH_SINK") ?? ".build/bench/sink"

    /// What the command line asks for; ends the program where it asks for nothing.
    public static func request() -> (work: String, count: Int) {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]) else {
            print("usage: PROGRAM WORK COUNT")
            exit(100)
        }
        return (arguments[1], count)
    }

    /// Measures `body`, and prints `WORK COUNT SECONDS CPUSECONDS`.
    ///
    /// - Parameter body: Returns how long it waited to no purpose, in seconds.
    public static func measure(_ work: String, _ count: Int, _ body: () throws -> Double) rethrows {
        let (begin, beginCPU) = (wall, cpu)
        let pause = try body()
        let (end, endCPU) = (wall, cpu)
        print(work, count, end - begin - pause, endCPU - beginCPU)
        unlink(sink)
    }

    public static func unsupported(_ work: String) {
        print("unsupported", work)
    }

    /// Stops the program where a work was not done.
    public static func expect(_ condition: Bool, _ what: StaticString) {
        guard !condition else { return }
        print(what)
        exit(111)
    }

    /// 0, 1, … count-1 in an order that looks random and is the same in every program.
    public static func shuffled(_ index: Int, _ count: Int) -> Int {
        index &* 2_654_435_761 % count
    }

    public static var wall: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Of this process, without its children.
    private static var cpu: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
