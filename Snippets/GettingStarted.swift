// Runs one coroutine to its end.
import Reactor

func myCoroutine() async {
    print("My Coroutine")
}

@main struct GettingStarted {
    static func main() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        try loop.runUntilComplete { await myCoroutine() }
    }
}
