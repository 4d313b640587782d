// Runs a coroutine that blocks the thread, and so holds up everything else on the loop.
import Glibc
import Reactor

func myWork() async {
    print("Starting Work")
    sleep(5)
    print("Finishing Work")
}

@main struct RunUntilComplete {
    static func main() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        try loop.runUntilComplete { await myWork() }
    }
}
