import Glibc

/// A program that has something to load before it can serve, and says how it gets on.
///
///     announce FILE
///
/// Reads lines from FILE, which may be a pipe with a name, until its end. Then it is ready, and
/// serves until it is told to stop. Exit status: 0 after SIGTERM, 64 usage, 71 a system call
/// failed, 78 where nobody listens.
@main
struct Announce {
    static func main() {
        guard CommandLine.arguments.count == 2 else { exit(64) }
        guard let socket = NotifySocket() else { exit(78) }
        var stop = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTERM)
        // Blocked, so that the signal waits for `sigwait`.
        sigprocmask(SIG_BLOCK, &stop, nil)

        socket.send("STATUS=loading \(CommandLine.arguments[1])")
        let count = load(CommandLine.arguments[1])
        socket.send("READY=1", "STATUS=serving \(count) lines")
        var signal: CInt = 0
        sigwait(&stop, &signal)
        socket.send("STOPPING=1", "STATUS=stopping")
        exit(0)
    }

    private static func load(_ path: String) -> Int {
        guard let file = fopen(path, "r") else {
            perror("announce: cannot open \(path)")
            exit(71)
        }
        var count = 0
        while case let character = getc(file), character != EOF {
            if character == CInt(UInt8(ascii: "\n")) { count += 1 }
        }
        fclose(file)
        return count
    }
}
