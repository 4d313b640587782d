import Glibc
import LinuxSystem
import SystemTypes

/// How long anything in these tests may take before it counts as never.
///
/// Much longer than it ever does, also on a machine that is busy with other things: it decides when
/// a test fails, and never how long one takes that does not.
let patience = Duration.seconds(30)

/// What did not come to pass in time.
struct NeverHappened: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) {
        description = "never happened: \(what)"
    }
}

/// Sleeps until the descriptor can be read, or has come to its end.
func waitUntilReadable(_ descriptor: CInt, _ what: String, until deadline: Instant) throws {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
        let rest = (deadline - .now).nanoseconds / 1_000_000
        let count = poll(&request, 1, CInt(clamping: max(0, rest)))
        if count > 0 { return }
        guard count == -1, errno == EINTR else { throw NeverHappened(what) }
    }
}

/// Asks again and again, for what nobody tells: a server of somebody else's, a file in /proc.
func eventually<Answer>(
    _ what: String,
    _ question: () throws -> Answer?
) throws -> Answer {
    let deadline = Instant.now + patience
    while true {
        if let answer = try question() { return answer }
        guard .now < deadline else { throw NeverHappened(what) }
        poll(nil, 0, 10)
    }
}
