import ControlProtocol
import Glibc
import SystemTypes
import Testing

/// A program in Swift, our own `announce`, which says itself how it gets on.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct AnnounceTests {
    @Test func `it is ready when it has loaded, and its own words are in the status`() throws {
        let scratch = try Scratch()
        try #require(mkfifo(scratch.path("load"), 0o600) == 0)
        let daemon = try RunningDaemon(
            [
                "index": program(
                    [Places.product("announce"), scratch.path("load")],
                    settings: #""ready": {"notify": true}"#
                )
            ],
            scratch: scratch
        )
        let loading = try eventually("its first word") {
            let index = try daemon.printedStatus("index").first
            return index?.statusText == nil ? nil : index
        }
        #expect(loading.statusText == "loading \(scratch.path("load"))")
        #expect(loading.state == .starting && !loading.isReady && loading.pid != nil)

        try scratch.write("one\ntwo\nthree\n", to: "load")
        #expect(try daemon.order("wait", "index", "--for", "ready") != [])
        let serving = try #require(try daemon.printedStatus("index").first)
        #expect(serving.statusText == "serving 3 lines" && serving.isReady)
        #expect(serving.state == .running && serving.pid == loading.pid)

        try daemon.order("stop", "index")
        #expect(try daemon.status(of: "index").lastExit?.code == 0)
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `of two daemons in one directory, each hears its own programs`() throws {
        let first = try RunningDaemon([
            "index": program(
                [Places.product("announce"), "/dev/null"],
                settings: #""ready": {"notify": true}"#
            )
        ])
        let socketPath = first.scratch.path("second.sock")
        let second = try RunningDaemon(
            configuration: first.scratch.path("keepd.json"),
            socketPath: socketPath,
            scratch: first.scratch,
            arguments: ["--socket", socketPath]
        )
        for daemon in [first, second, first] {
            #expect(try daemon.order("restart", "index") == ["index: restarted"])
        }
        #expect(try second.end() == .exited(0))
        #expect(try first.order("restart", "index") == ["index: restarted"])
        #expect(try first.end() == .exited(0))
    }
}
