import Supervision
import SystemTypes
import Testing

@Suite struct HistoryTests {
    private func history(of runs: Int) -> History {
        var history = History()
        for run in 0..<runs {
            history.append(RunRecord(startedAt: .seconds(Double(run)), by: .keepd))
        }
        return history
    }

    @Test(arguments: [0, 1, 63, 64])
    func `every run is remembered while there is room`(count: Int) {
        let records = history(of: count).records
        #expect(records.map(\.startedAt) == (0..<count).map { .seconds(Double($0)) })
    }

    @Test func `the oldest are forgotten first`() {
        let records = history(of: 1_000).records
        #expect(records.count == History.capacity)
        #expect(records.first?.startedAt == .seconds(936))
        #expect(records.last?.startedAt == .seconds(999))
    }

    @Test func `what becomes known of a run later is added to the newest`() {
        var history = history(of: 2)
        let end = RunRecord.End(at: .seconds(3), cause: .exit(code: 1), status: .exited(1))
        history.updateLast { $0.end = end }
        #expect(history.records.map(\.end) == [nil, end])
    }

    @Test func `where nothing has run there is nothing to add to`() {
        var history = History()
        history.updateLast { $0.readyAt = .zero }
        #expect(history.records.isEmpty)
    }
}
