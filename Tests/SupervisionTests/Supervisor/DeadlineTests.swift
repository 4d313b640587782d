import SystemTypes
import Testing

@testable import Supervision

@Suite struct DeadlineTests {
    private func fleet(_ count: Int) -> Office {
        Office((0..<count).map { .named("p\($0)") })
    }

    @Test func `the deadline of the supervisor is the earliest of all machines`() {
        var office = fleet(3)
        office.handle(.begin)
        #expect(office.supervisor.deadline == nil)
        office.handle(.spawned(.run(1, of: "p1"), .seven), after: .seconds(1))
        office.handle(.spawned(.run(1, of: "p0"), .eight), after: .seconds(0.5))
        #expect(office.supervisor.deadline == .seconds(2))
        office.handle(.exited(.run(1, of: "p1"), .exited(1), survivors: 0))
        #expect(office.supervisor.deadline == .seconds(1.6))
        office.order(.stop, "p1")
        #expect(office.supervisor.deadline == .seconds(2.5))
    }

    @Test func `a timer that goes off too early does nothing`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        office.handle(.spawned(.web(1), .seven))
        #expect(office.handle(.deadlineReached, after: .seconds(0.9)) == [])
        #expect(office.supervisor.deadline == .seconds(1))
    }

    @Test func `all that are due at one instant are served by one timer`() {
        var office = fleet(50)
        office.handle(.begin)
        for number in 0..<50 { office.handle(.spawned(.run(1, of: "p\(number)"), .seven)) }
        #expect(office.wait().changes.count == 50)
        #expect(office.supervisor.deadline == nil)
    }

    @Test func `a deadline that is far away does not fill the memory when it is set again`() {
        let web = InstanceID(program: "web", number: 0)
        var deadlines = Deadlines()
        for _ in 0..<10_000 {
            deadlines.insert(web, at: .distantFuture)
            deadlines.insert(web, at: .seconds(5))
            deadlines.dropStale { _ in .seconds(5) }
        }
        #expect(deadlines.first == .seconds(5))
        #expect(deadlines.count <= 128)
    }

    @Test func `what is not stale survives when the heap is built anew`() {
        let ids = (0..<1_000).map { InstanceID(program: "p", number: $0) }
        var deadlines = Deadlines()
        for id in ids {
            deadlines.insert(id, at: .seconds(Double(id.number)))
            deadlines.insert(id, at: .distantFuture)
            deadlines.dropStale { .seconds(Double($0.number)) }
        }
        var popped: [Int] = []
        while let id = deadlines.popDue(
            at: .seconds(1_000),
            current: { .seconds(Double($0.number)) }
        ) {
            popped.append(id.number)
        }
        #expect(popped == Array(0..<1_000))
    }
}
