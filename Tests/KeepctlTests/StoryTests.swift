import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

@testable import keepctl

/// What has happened to a program, as lines.
@Suite struct StoryTests {
    private let now = WallTime(rfc3339: "2026-11-24T12:00:00.000Z") ?? WallTime(nanoseconds: 0)

    @Test func `a table has its columns in line and no blanks at the ends`() {
        var table = TextTable()
        table.add(["a", "long", "x"])
        table.add(["long\u{1b}", "b"])
        table.add(["", "", ""])
        #expect(table.lines == ["a         long  x", #"long\x1b  b"#, ""])
    }

    @Test func `an event is a line`() {
        var event = Control.Event(
            number: 1,
            at: "2026-11-24T12:00:05.999Z",
            kind: "state",
            name: "web:0",
            state: .backoff,
            message: "failed: exit code 1\n"
        )
        let plain = EventLine(event, zone: .utc, paint: Paint(isOn: false)).text
        let start = "2026-11-24 12:00:05  web:0            "
        #expect(plain == start + #"BACKOFF   failed: exit code 1\x0a"#)
        event.state = .fatal
        let coloured = EventLine(event, zone: .utc, paint: Paint(isOn: true)).text
        #expect(coloured == start + "\u{1b}[31mFATAL\u{1b}[0m     " + #"failed: exit code 1\x0a"#)
    }

    @Test func `a run shows how long it took to be ready, how long it lasted, and why it ended`() {
        #expect(
            RunTable(now: now, zone: .utc).lines(of: [endedRun, livingRun]) == [
                "NAME  STARTED              PID   READY  LASTED   END",
                "web   2026-11-24 11:00:00  4242  1.5 s  0:30:00  signal SEGV; started by root",
                "  left behind process 4300: sleep 3600",
                "web   2026-11-24 11:59:00  4243  -      0:01:00  (runs)",
            ]
        )
    }

    @Test func `an attempt that brought no process has neither number nor length`() {
        var run = Control.Run(name: "web", started: "2026-11-24T11:00:00.000Z")
        run.ended = run.started
        run.exit = LastExit(cause: "spawn-failed", at: run.started, message: "cannot chdir to /x")
        #expect(
            RunTable(now: now, zone: .utc).lines(of: [run]).last
                == "web   2026-11-24 11:00:00  -    -      0.0 s   cannot chdir to /x"
        )
        #expect(RunTable(now: now, zone: .utc).lines(of: []) == ["no runs"])
    }

    @Test func `an explanation says what is wanted, what is missing and what was before`() {
        var web = program("web", .waiting)
        web.waitingFor = ["db"]
        let explanation = Control.Explanation(
            program: web,
            goal: .up,
            isEnabled: false,
            needs: [
                .init(program: "db", condition: .ready, isMet: false),
                .init(program: "migrate", condition: .completed, isMet: true),
            ],
            neededBy: ["site", "mail"],
            runs: [endedRun]
        )
        let essay = Essay(now: now, zone: .utc, paint: Paint(isOn: false))
        #expect(
            essay.lines(on: explanation).dropLast(3) == [
                "web: WAITING, waits for db, for 0.0 s",
                "  since 2026-11-24 12:00:00",
                "  wanted up, does not start with keepd",
                "  needs db ready, which is not so yet",
                "  needs migrate completed, which is so",
                "  needed by site, mail",
            ]
        )
        #expect(essay.lines(on: explanation).last == "    left behind process 4300: sleep 3600")
    }

    @Test func `a program that never ran has a short story`() {
        let explanation = Control.Explanation(
            program: program("web", .stopped),
            goal: .down,
            isEnabled: true
        )
        let essay = Essay(now: now, zone: .utc, paint: Paint(isOn: false))
        #expect(
            essay.lines(on: explanation) == [
                "web: STOPPED, not started", "  since 2026-11-24 12:00:00",
                "  wanted down, starts with keepd", "  never started",
            ]
        )
    }

    @Test func `an explanation says when the next run is`() {
        var web = program("web", .exited)
        web.nextAttempt = "2026-11-24T17:37:00.000Z"
        let explanation = Control.Explanation(program: web, goal: .up, isEnabled: true)
        let essay = Essay(now: now, zone: .utc, paint: Paint(isOn: false))
        #expect(essay.lines(on: explanation).contains("  next run at 2026-11-24 17:37:00"))
    }

    private var livingRun: Control.Run {
        var run = Control.Run(name: "web", started: "2026-11-24T11:59:00.000Z")
        run.pid = 4_243
        return run
    }

    private var endedRun: Control.Run {
        var run = Control.Run(name: "web", started: "2026-11-24T11:00:00.000Z")
        run.ready = "2026-11-24T11:00:01.500Z"
        run.ended = "2026-11-24T11:30:00.000Z"
        run.pid = 4_242
        run.by = "root"
        run.exit = LastExit(signal: "SEGV", cause: "signal", at: "2026-11-24T11:30:00.000Z")
        run.leftBehind = [.init(pid: 4_300, command: "sleep 3600")]
        return run
    }
}
