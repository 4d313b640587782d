import Bench
import LinuxSystem
import Reactor
import SystemTypes

enum Processes {
    static func spawn(_ count: Int, atOnce: Int) throws -> Double {
        let loop = try EventLoop()
        var request = SpawnRequest(candidates: ["/bin/true"], arguments: ["true"], environment: [])
        // As all others here; a session alone costs 2 %.
        request.family = .inherited
        let stdio = try (
            OwnedFD.duplicate(0).release(), OwnedFD.duplicate(1).release(),
            OwnedFD.duplicate(2).release()
        )
        var (started, ended) = (0, 0)
        func start() throws {
            started += 1
            _ = try loop.spawn(request, stdio: stdio) { status in
                Bench.expect(status == .exited(0), "the child failed")
                ended += 1
                if started < count {
                    do { try start() } catch { Bench.expect(false, "cannot spawn") }
                } else if ended == count {
                    loop.stop()
                }
            }
        }
        for _ in 0..<min(atOnce, count) { try start() }
        loop.run()
        loop.close()
        return 0
    }
}
