import Glibc
import LinuxSystem
import Reactor
import Supervision
import Synchronization
import SystemPackage
import SystemTypes
import Testing

/// A loop of the calling thread, a directory of its own, and what tests need besides.
final class Bench {
    let loop: EventLoop
    let directory: String
    private var isDone = false

    init() throws {
        loop = try EventLoop()
        var template = Array("/tmp/keepd-parts-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        directory = String(cString: made)
        // As a daemon's own directory, open to all.
        chmod(directory, 0o755)
    }

    deinit {
        loop.close()
        var command = Array("rm -rf \(directory)".utf8CString)
        system(&command)
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Runs the loop until ``done()``; a minute is longer than any test.
    func run(sourceLocation: SourceLocation = #_sourceLocation) {
        isDone = false
        let alarm = loop.callLater(.seconds(60)) { [loop] in loop.stop() }
        loop.run()
        alarm.cancel()
        #expect(isDone, "a minute has passed", sourceLocation: sourceLocation)
    }

    func done() {
        isDone = true
        loop.stop()
    }

    /// Runs the loop until `isMet`, which is asked every few milliseconds.
    func run(until isMet: @escaping () -> Bool) {
        func look() {
            if isMet() { return done() }
            loop.callLater(.milliseconds(5)) { look() }
        }
        loop.callSoon { look() }
        run()
    }

    func text(_ name: String) -> String {
        let bytes = try? Files.read(path(name), bytesMax: 1 << 20)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }

    func shell(_ script: String, variables: [String] = []) -> SpawnRequest {
        var request = SpawnRequest(
            candidates: ["/bin/sh"],
            arguments: ["/bin/sh", "-c", script],
            environment: ["PATH=/usr/bin:/bin"] + variables
        )
        request.directory = directory
        return request
    }

    /// A port that no other test of this process uses, nor is likely to use in another.
    static func nextPort() -> UInt16 {
        ports.withLock { port in
            port += 1
            return port
        }
    }

    private static let ports = Mutex(UInt16(10_000 + getpid() % 200 * 100))

    /// A port at which `host` listens, and the socket.
    func listen(at host: String) throws -> (port: UInt16, socket: CInt) {
        for _ in 0..<50 {
            let port = Bench.nextPort()
            do {
                let socket = try InternetSocket.listen(
                    at: host,
                    port: port,
                    backlog: 16,
                    sharesPort: false
                )
                return (port, socket.release())
            } catch {
                continue
            }
        }
        throw Errno.addressInUse
    }
}

extension Incarnation {
    static let web = Incarnation(
        instance: InstanceID(program: "web", number: 0),
        serial: 1
    )
}
