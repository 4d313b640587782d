import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// What a client hears of what happens.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct EventTests {
    private func follow(
        _ daemon: RunningDaemon,
        _ request: Control.Events
    ) throws -> (Client, Control.Events.Answer) {
        let client = try daemon.connect()
        try client.send(Call.encode(request, more: true))
        return (client, try client.answer(Control.Events.self))
    }

    /// Takes replies until there is an event of which the condition holds.
    private func events(
        _ client: Client,
        until isLast: (Control.Event) -> Bool
    ) throws -> [Control.Event] {
        var events: [Control.Event] = []
        while !events.contains(where: isLast) {
            events += try client.answer(Control.Events.self).events
        }
        return events
    }

    @Test func `first comes how it is, and then what changes, by number`() throws {
        let daemon = try RunningDaemon(["db": misbehave("--pause"), "web": misbehave("--pause")])
        try daemon.start("all")
        let (client, first) = try follow(daemon, Control.Events(follow: true))
        let snapshot = try #require(first.snapshot)
        #expect(snapshot.map(\.name) == ["db", "web"])
        #expect(snapshot.map(\.state) == [.running, .running])
        #expect(first.events.isEmpty && first.gap == nil)

        try daemon.stop("web")
        let events = try events(client) { $0.state == .stopped }
        #expect(events.map(\.state) == [.stopping, .stopped])
        #expect(events.map(\.from) == [.running, .stopping])
        #expect(events.map(\.number) == [first.number + 1, first.number + 2])
        #expect(events.allSatisfy { $0.name == "web" && $0.kind == "state" })
        #expect(events.last?.exit?.cause == "stopped")
        #expect(events.last?.exit?.by?.isEmpty == false)
    }

    @Test func `who knows a number hears what has happened since`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        try daemon.start("all")
        let before = try daemon.call(Control.Events())
        #expect(before.snapshot?.count == 1 && before.events.isEmpty)
        try daemon.stop("web")
        let after = try daemon.call(Control.Events(since: UInt(before.number)))
        #expect(after.snapshot == nil && after.gap == nil)
        #expect(after.events.map(\.state) == [.stopping, .stopped])
        #expect(after.number == before.number + 2)
        let all = try daemon.call(Control.Events(since: 0))
        #expect(all.events.map(\.number) == Array(1...after.number))
        #expect(throws: ControlError.invalidParameter(parameter: "since")) {
            try daemon.call(Control.Events(since: UInt(after.number + 1)))
        }
    }

    @Test func `who asks for some programs does not hear of the others`() throws {
        let daemon = try RunningDaemon(["db": misbehave("--pause"), "web": misbehave("--pause")])
        try daemon.start("all")
        let (client, first) = try follow(daemon, Control.Events(names: ["db"], follow: true))
        #expect(first.snapshot?.map(\.name) == ["db"])
        try daemon.stop("web")
        try daemon.stop("db")
        let events = try events(client) { $0.state == .stopped }
        #expect(events.allSatisfy { $0.name == "db" })
        #expect(events.first?.number == first.number + 3)
        #expect(throws: ControlError.noSuchProgram(name: "wbe")) {
            try daemon.call(Control.Events(names: ["wbe"]))
        }
    }

    @Test func `who follows hears of the last end before the connection does end`() throws {
        let daemon = try RunningDaemon(["a": misbehave("--pause"), "b": misbehave("--pause")])
        try daemon.start("all")
        let (client, _) = try follow(daemon, Control.Events(follow: true))
        let log = try daemon.connect()
        try log.send(Call.encode(Control.DaemonLog(follow: true), more: true))
        _ = try log.answer(Control.DaemonLog.self)
        _ = try daemon.call(Control.Shutdown())
        var stopped: [Control.Event] = []
        while stopped.count < 2 {
            stopped += try client.answer(Control.Events.self).events.filter { $0.state == .stopped }
        }
        #expect(Set(stopped.map(\.name)) == ["a", "b"])
        #expect(stopped.allSatisfy { $0.exit?.cause == "stopped" && $0.requester?.uid == 0 })
        var lines: [String] = []
        while lines.count(where: { $0.hasSuffix(": stopped") }) < 2 {
            lines += try log.answer(Control.DaemonLog.self).lines.map(\.message)
        }
        #expect(try daemon.waitForEnd() == .exited(0))
    }

    @Test func `who goes for good is stopped like any other`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause", settings: #""instances": 2"#)])
        try daemon.start("all")
        let (client, _) = try follow(daemon, Control.Events(follow: true))
        _ = try daemon.call(Control.Scale(instances: ["web": 1]))
        let event = try events(client) { $0.state == .stopped }.first { $0.state == .stopped }
        #expect(event?.exit?.cause == "stopped" && event?.requester != nil)
    }

    @Test func `what is forgotten is a gap`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause", settings: #""instances": 50"#)])
        try daemon.start("web")
        let before = try daemon.call(Control.Events()).number
        let number = try makeEvents(1_500, daemon)
        let all = try daemon.call(Control.Events(since: UInt(before)))
        #expect(all.gap == number - before - 1_000)
        #expect(all.events.map(\.number) == Array(number - 999...number))
    }

    @Test func `who does not read misses events, and is told how many`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause", settings: #""instances": 50"#)])
        try daemon.start("web")
        let (lazy, first) = try follow(daemon, Control.Events(follow: true))
        // Far more than the buffers of a socket hold.
        let number = try makeEvents(3_500, daemon)
        var (last, missed, heard) = (first.number, 0, 0)
        while last < number {
            let answer = try lazy.answer(Control.Events.self)
            (missed, heard) = (missed + (answer.gap ?? 0), heard + answer.events.count)
            last = answer.number
            #expect(answer.events.last?.number == last)
        }
        #expect(missed > 0 && missed + heard == number - first.number)
    }

    /// - Returns: The number of the last event.
    private func makeEvents(_ count: Int, _ daemon: RunningDaemon) throws -> Int {
        let first = try daemon.call(Control.Events()).number
        var number = first
        while number < first + count {
            try daemon.restart("all")
            number = try daemon.call(Control.Events()).number
        }
        return number
    }

    @Test func `what comes and what goes is told, under the names that it has by then`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause"), "old": misbehave("--pause")])
        try daemon.start("all")
        let (client, first) = try follow(daemon, Control.Events(follow: true))
        _ = try daemon.call(Control.Scale(instances: ["web": 2]))
        var told = try events(client) { $0.name == "web:1" && $0.state == .running }
        #expect(
            told.filter { $0.kind != "state" }.map { "\($0.kind) \($0.name)" }
                == ["removed web", "added web:0", "added web:1"]
        )
        // The one that stays is told of as it is, and what a new one does comes after it is there.
        #expect(told.first { $0.name == "web:0" }?.pid == first.snapshot?.last?.pid)
        #expect(told.first { $0.name == "web:1" }?.kind == "added")
        try daemon.rewrite(["web": misbehave("--pause"), "new": misbehave("--pause")])
        _ = try daemon.call(Control.Apply(names: ["old", "new"]))
        told = try events(client) { $0.kind == "removed" && $0.name == "old" }
        #expect(told.contains { $0.kind == "added" && $0.name == "new" })
    }

    @Test func `to follow takes more`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        #expect(throws: ControlError.invalidParameter(parameter: "follow")) {
            try daemon.call(Control.Events(follow: true))
        }
    }
}
