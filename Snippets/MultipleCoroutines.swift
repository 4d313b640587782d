// Runs two tasks that take turns until Ctrl-C: equal deadlines are met first in, first out.
import Reactor

@main struct MultipleCoroutines {
    static func main() throws {
        let loop = try EventLoop()
        defer {
            print("Closing Loop")
            loop.close()
        }
        try loop.addSignalHandler(.interrupt) { loop.stop() }
        for name in ["First", "Second"] {
            loop.spawn {
                while true {
                    try await loop.sleep(for: .seconds(1))
                    print("\(name) Worker Executed")
                }
            }
        }
        loop.run()
    }
}
