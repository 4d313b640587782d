import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// A program names another of its processes as the main one: `MAINPID=` of sd_notify(3).
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct MainProcessTests {
    /// What the scripts begin with.
    private static let say = """
        import os, signal, socket, sys, time
        def say(text):
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            a = os.environ['NOTIFY_SOCKET']
            s.sendto(text.encode(), '\\0' + a[1:] if a[0] == '@' else a)
        def end(number, frame):
            open('ended', 'a').write(f'{os.getpid()}\\n')
            os._exit(7)

        """

    private func python(_ script: String, settings: String = "") -> String {
        program(
            ["/usr/bin/python3", "-c", Self.say + script],
            settings: #""ready": {"notify": true}, "# + inScratch + settings
        )
    }

    private func pid(of name: String, in daemon: RunningDaemon) throws -> ProcessID {
        ProcessID(rawValue: Int32(try #require(try daemon.status(of: name).pid)))
    }

    /// The first process ends as soon as the other has said who it is.
    private static let daemonizing = """
        reading, writing = os.pipe()
        if os.fork():
            os.close(writing); os.read(reading, 1); os._exit(0)
        os.setsid()
        signal.signal(signal.SIGTERM, end)
        say(f'MAINPID={os.getpid()}\\nREADY=1')
        os.close(reading); os.close(writing)
        open('main', 'w').write(str(os.getpid()))
        while True: signal.pause()
        """

    @Test(arguments: TreeKind.available)
    func `a program goes on with the process that it names, and ends with it`(
        kind: TreeKind
    ) throws {
        let daemon = try RunningDaemon(
            ["web": python(Self.daemonizing, settings: #", "restart": "never""#)],
            daemon: kind.setting
        )
        let first = try pid(of: "web", in: daemon)
        #expect(try daemon.start("web").map(\.state) == [.running])
        let main = try pid(of: "web", in: daemon)
        _ = try eventually("that the first has ended") {
            Survivors.isAlive(first) && first != main ? nil : true
        }
        #expect(try daemon.status(of: "web").state == .running)
        #expect(daemon.scratch.text(of: "main") == "\(main)")
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "TERM"))
        let ended = try eventually("the end") {
            let web = try daemon.status(of: "web")
            return web.state == .exited ? web : nil
        }
        #expect(ended.lastExit?.cause == "exit")
        #expect(ended.lastExit?.code == 7)
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `what was said counts, though who said it has ended before it was heard`() throws {
        let wait = "while not os.path.exists('go'): time.sleep(0.01)\n"
        let daemon = try RunningDaemon(["web": python(wait + Self.daemonizing)])
        let first = try pid(of: "web", in: daemon)
        try daemon.process.send(.stop)
        try daemon.scratch.write("", to: "go")
        _ = try eventually("that the first has ended") {
            ProcessTable.entry(of: first)?.hasEnded == true ? true : nil
        }
        try daemon.process.send(.continue)
        #expect(try daemon.start("web").map(\.state) == [.running])
        let web = try daemon.status(of: "web")
        #expect(web.restarts == 0 && web.lastExit == nil)
        #expect(daemon.scratch.text(of: "main") == (web.pid.map { "\($0)" } ?? ""))
    }

    @Test(arguments: TreeKind.available)
    func `a stop is for the process that was named`(kind: TreeKind) throws {
        let daemon = try RunningDaemon(
            ["web": python(Self.daemonizing)],
            daemon: kind.setting
        )
        #expect(try daemon.start("web").map(\.state) == [.running])
        let main = try pid(of: "web", in: daemon)
        #expect(try daemon.stop("web").map(\.state) == [.stopped])
        #expect(daemon.scratch.lines(of: "ended").contains("\(main)"))
        #expect(daemon.survivors.isEmpty)
    }

    @Test(arguments: TreeKind.available)
    func `when it ends, whoever started it is cleared away before the next start`(
        kind: TreeKind
    ) throws {
        let script = """
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, end)
                say(f'MAINPID={os.getpid()}\\nREADY=1')
                while True: signal.pause()
            os.wait()
            while True: signal.pause()
            """
        let daemon = try RunningDaemon(["web": python(script)], daemon: kind.setting)
        #expect(try daemon.start("web").map(\.state) == [.running])
        let first = daemon.survivors
        #expect(first.count == 2)
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "TERM"))
        let again = try eventually("another run") {
            let web = try daemon.status(of: "web")
            return web.state == .running && web.restarts == 1 ? web : nil
        }
        #expect(!daemon.survivors.contains { first.contains($0) })
        let last = try #require(again.lastExit)
        let isKnown = try kernelRemembersStatus
        #expect(last.cause == (isKnown ? "exit" : "unknown"))
        #expect(last.code == (isKnown ? 7 : nil))
    }

    /// For others than the parent; see `PidFD.statusOfReaped`.
    private var kernelRemembersStatus: Bool {
        get throws {
            let text = try Files.read("/proc/sys/kernel/osrelease", bytesMax: 1_024)
            let numbers = String(decoding: text, as: UTF8.self).split { !$0.isNumber }
                .prefix(2).compactMap { Int($0) }
            return !numbers.lexicographicallyPrecedes([6, 15])
        }
    }

    @Test func `nobody can name a process that is not the program's own`() throws {
        let script = """
            say('MAINPID=1'); say(f'MAINPID={os.getppid()}'); say('MAINPID=99999999')
            say('READY=1')
            while True: signal.pause()
            """
        let daemon = try RunningDaemon(["web": python(script)])
        #expect(try daemon.start("web").map(\.state) == [.running])
        let main = try pid(of: "web", in: daemon)
        #expect(ProcessTable.entry(of: main)?.parent == daemon.process.process.rawValue)
        _ = try eventually("three refusals") {
            daemon.log.count { $0.contains("web: process ") } == 3 ? true : nil
        }
    }

    @Test func `a stranger who bears the marks of a program is not heeded`() throws {
        let script = """
            open('socket', 'w').write(os.environ['NOTIFY_SOCKET'])
            while not os.path.exists('go'): time.sleep(0.01)
            say('STATUS=mine')
            while True: signal.pause()
            """
        let daemon = try RunningDaemon(["web": python(script)])
        let address = try eventually("the address") {
            let text = daemon.scratch.text(of: "socket")
            return text.isEmpty ? nil : text
        }
        let stranger = try Run(
            ["/usr/bin/python3", "-c", Self.say + "say('READY=1\\nSTATUS=strange')"],
            environment: [
                "NOTIFY_SOCKET": address, "KEEPD_PROGRAM": "web", "KEEPD_INSTANCE": "0",
            ]
        )
        #expect(stranger.status == .exited(0))
        #expect(try daemon.status(of: "web").state == .starting)
        try daemon.scratch.write("", to: "go")
        _ = try eventually("what it says itself") {
            try daemon.status(of: "web").statusText == "mine" ? true : nil
        }
        #expect(try daemon.status(of: "web").state == .starting)
    }

    @Test func `a watchdog that is triggered has the program started again`() throws {
        let script = """
            if not os.path.exists('triggered'):
                open('triggered', 'w').close()
                say('WATCHDOG=trigger')
            while True: signal.pause()
            """
        let daemon = try RunningDaemon([
            "web": program(
                ["/usr/bin/python3", "-c", Self.say + script],
                settings: #""health": {"watchdog": "50m"}, "# + inScratch
            )
        ])
        let again = try eventually("another run") {
            let web = try daemon.status(of: "web")
            return web.state == .running && web.restarts == 1 ? web : nil
        }
        #expect(again.lastExit?.cause == "watchdog")
    }
}
