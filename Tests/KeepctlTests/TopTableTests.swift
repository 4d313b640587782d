import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

@testable import keepctl

/// What `keepctl top` shows, without a terminal.
@Suite struct TopTableTests {
    private func program(
        _ name: String,
        _ state: State = .running,
        cpu: Double = 0,
        memory: Int = 0,
        log: Int = 0
    ) -> Program {
        var program = Program(
            name: name,
            program: name,
            instance: 0,
            state: state,
            since: "2026-11-22T22:40:01.123Z"
        )
        program.pid = 7
        program.processorTime = Seconds(rawValue: cpu)
        program.memoryBytes = memory
        program.logBytes.stdout = log
        return program
    }

    private func table(_ programs: [Program]..., seconds: Int = 2) -> TopTable {
        var (table, sample) = (TopTable(), TopSample?.none)
        for (index, programs) in programs.enumerated() {
            let now = Instant(nanoseconds: Int64(index * seconds) * 1_000_000_000)
            sample = TopSample(programs, at: now, after: sample)
            if let sample { table.take(sample) }
        }
        return table
    }

    private func names(_ table: TopTable) -> [String] { table.rows.map(\.program.name) }

    @Test func `rates are what has changed since the last look, of the same process`() {
        var other = program("b", cpu: 9, log: 900)
        other.pid = 8
        let table = table(
            [program("a", cpu: 1, log: 1_000), program("b", cpu: 1, log: 1_000)],
            [program("a", cpu: 2, log: 5_000), other, program("c", cpu: 5)]
        )
        #expect(table.rows.map(\.processorShare) == [0.5, nil, nil])
        #expect(table.rows.map(\.logRate) == [2_000, nil, nil])
    }

    @Test func `each order puts first what one looks for`() {
        var table = table(
            [program("a", memory: 5), program("b", .fatal, memory: 9), program("c", memory: 7)],
            [
                program("a", cpu: 1), program("b", .fatal, memory: 9),
                program("c", memory: 7, log: 9),
            ]
        )
        var orders: [String: [String]] = [:]
        for order in TopTable.Order.allCases {
            orders[order.rawValue] = names(table)
            _ = table.handle(.character("o"), page: 10)
        }
        #expect(orders["name"] == ["a", "b", "c"] && orders["state"] == ["a", "c", "b"])
        #expect(orders["cpu"]?.first == "a" && orders["memory"] == ["b", "c", "a"])
        #expect(orders["log"]?.first == "c" && names(table) == ["a", "b", "c"])
    }

    @Test func `what is chosen stays chosen wherever it goes`() {
        var table = table([program("a"), program("b"), program("c", memory: 7)])
        #expect(table.chosen == "a")
        _ = table.handle(.up, page: 10)
        #expect(table.chosen == "a")
        _ = table.handle(.end, page: 10)
        #expect(table.chosen == "c")
        while table.order != .memory { _ = table.handle(.character("o"), page: 10) }
        #expect(table.chosenIndex == 0)
        #expect(table.handle(.character("r"), page: 10) == .restart("c"))
        #expect(table.handle(.character("x"), page: 10) == .stop("c"))
        #expect(table.handle(.character("s"), page: 10) == .start("c"))
        #expect(table.handle(.character("q"), page: 10) == .quit)
    }

    @Test func `a filter is typed, and its keys do nothing else`() {
        var table = table([program("queue"), program("web"), program("db", .fatal)])
        _ = table.handle(.character("/"), page: 10)
        for character in "qxx" { #expect(table.handle(.character(character), page: 10) == nil) }
        #expect(table.filter == "qxx" && table.rows.isEmpty && table.chosen == nil)
        for _ in 0..<2 { _ = table.handle(.backspace, page: 10) }
        #expect(names(table) == ["queue"])
        _ = table.handle(.enter, page: 10)
        #expect(!table.isFiltering && table.handle(.character("x"), page: 10) == .stop("queue"))
        _ = table.handle(.escape, page: 10)
        #expect(names(table).count == 3)
        #expect(self.table([]).chosen == nil)
    }

    @Test(arguments: [(24, 80), (10, 40), (6, 200), (3, 10)])
    func `the screen is never larger than the terminal`(rows: Int, columns: Int) {
        let many = (0..<50).map { program("a-program-with-a-long-name-\($0)") }
        var table = table(many)
        var top = 0
        let screen = TopScreen(
            explanation: Explanation(now: .init(nanoseconds: 0), zone: .utc),
            paint: Paint(isOn: false),
            size: WindowSize(rows: UInt16(rows), columns: UInt16(columns))
        )
        for key in [Key.home, .end, .pageUp] {
            _ = table.handle(key, page: screen.page)
            let lines = screen.lines(of: table, from: &top)
            #expect(lines.count == rows)
            for line in lines {
                let plain = line.replacing("\u{1b}[7m", with: "").replacing("\u{1b}[0m", with: "")
                #expect(plain.count <= columns)
            }
            if rows > 5 {
                #expect((top..<top + screen.page).contains(table.chosenIndex ?? -1))
            }
        }
    }

    @Test func `keys are read from what a terminal sends`() {
        let bytes = Array("q\u{1b}[A\u{1b}OB\u{1b}[5~\u{1b}[1;5C\r\u{7f}\u{3}/\u{1b}".utf8)
        #expect(
            Key.keys(in: bytes) == [
                .character("q"), .up, .down, .pageUp, .escape, .enter, .backspace, .interrupt,
                .character("/"), .escape,
            ]
        )
    }

    @Test func `quantities are short`() {
        let counts: [Double] = [0, 999, 1_000, 9_949, 12_345, 999_499, 999_500, 3e9, 2.5e15]
        #expect(
            counts.map(Quantity.bytes) == [
                "0", "999", "1.0k", "9.9k", "12k", "999k", "1.0M", "3.0G", "2500T",
            ]
        )
        #expect(Quantity.percent(1.234) == "123.4")
    }
}
