import Supervision
import SystemTypes
import Testing

@Suite struct AnnouncementTests {
    @Test func `a start is announced when it is asked for, when it has a process, when it is up`() {
        var office = Office([.named("web")])
        #expect(office.handle(.begin).story == ["web: stopped → starting"])
        #expect(office.handle(.spawned(.web(1), .seven)).story == ["web: starting → starting 7"])
        #expect(office.wait().story == ["web: starting → running 7"])
    }

    @Test func `a stop is announced when it begins and when the whole tree is gone`() {
        var office = Office.withRunningWeb()
        #expect(office.order(.stop, by: .ann).story == ["web: running → stopping 7"])
        #expect(office.handle(.exited(.web(1), .exited(0), survivors: 1)).story == [])
        #expect(
            office.handle(.treeGone(.web(1))).story == ["web: stopping → stopped, stopped by ann"]
        )
    }

    @Test func `a failed start is announced with its cause and the pause`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        office.handle(.spawned(.web(1), .seven))
        let effects = office.handle(.exited(.web(1), .exited(1), survivors: 0))
        #expect(effects.story == ["web: starting → backoff, exit code 1"])
        #expect(effects.changes.first?.delay == .milliseconds(100))
    }

    @Test func `giving up is announced with the last cause`() {
        var office = Office([.named("web", policy: .test { $0.restart.retries = 1 })])
        office.handle(.begin)
        let failure = SpawnFailure(step: "execve", errno: 2, message: "cannot execute web")
        #expect(
            office.handle(.spawnFailed(.web(1), failure)).story
                == ["web: starting → fatal, cannot execute web"]
        )
    }

    @Test func `a restart at once is announced with its cause, and then with the new process`() {
        var office = Office.withRunningWeb()
        let exit = office.handle(
            .exited(.web(1), .signaled(.abort, coreDumped: true), survivors: 0)
        )
        #expect(exit.story == ["web: running → starting, signal ABRT, core dumped"])
        #expect(office.handle(.spawned(.web(2), .eight)).story == ["web: starting → starting 8"])
    }

    @Test func `an exit at the very instant of settling is announced like any other`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        office.handle(.spawned(.web(1), .seven))
        let exit = office.handle(.exited(.web(1), .exited(1), survivors: 0), after: .seconds(1))
        #expect(exit.story == ["web: starting → starting, exit code 1"])
    }

    @Test func `what changes nothing is not announced`() {
        var office = Office.withRunningWeb()
        #expect(office.order(.start) == [])
        #expect(office.order(.signal(.hangUp)).story == [])
        office.order(.stop)
        #expect(office.order(.stop) == [])
    }
}
