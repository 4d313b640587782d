// Runs until Ctrl-C; the end of the loop ends its task.
import Reactor

@main struct RunForever {
    static func main() throws {
        let loop = try EventLoop()
        defer {
            print("Closing Loop")
            loop.close()
        }
        try loop.addSignalHandler(.interrupt) { loop.stop() }
        loop.spawn {
            while true {
                try await loop.sleep(for: .seconds(1))
                print("Task Executed")
            }
        }
        loop.run()
    }
}
