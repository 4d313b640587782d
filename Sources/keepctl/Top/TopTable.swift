import ControlProtocol

/// What `keepctl top` shows and what is chosen in it; keys go in, and what to do comes out.
struct TopTable {
    enum Order: String, CaseIterable {
        case name, state, cpu, memory, log, restarts

        /// Whether the greatest comes first.
        var isDescending: Bool { self != .name && self != .state }
    }

    enum Action: Equatable {
        case quit
        case start(String), stop(String), restart(String)
    }

    private(set) var order = Order.name
    private(set) var filter = ""
    private(set) var isFiltering = false
    /// The name, which stays chosen wherever it moves to.
    private(set) var chosen: String?
    private(set) var rows: [TopSample.Row] = []
    /// What came of the last action.
    var message = ""
    private var sample: TopSample?

    mutating func take(_ sample: TopSample) {
        self.sample = sample
        arrange()
    }

    private mutating func arrange() {
        let wanted = (sample?.rows ?? []).filter {
            filter.isEmpty || $0.program.name.contains(filter)
                || $0.program.state.rawValue.contains(filter)
        }
        rows = wanted.sorted { left, right in
            let (one, other) = (measure(left), measure(right))
            if one != other { return order.isDescending ? one > other : one < other }
            return (left.program.program, left.program.instance)
                < (right.program.program, right.program.instance)
        }
        if !rows.contains(where: { $0.program.name == chosen }) {
            chosen = rows.first?.program.name
        }
    }

    private func measure(_ row: TopSample.Row) -> Double {
        switch order {
        case .name: 0
        case .state: Double(State.allCases.firstIndex(of: row.program.state) ?? 0)
        case .cpu: row.processorShare ?? 0
        case .memory: Double(row.program.memoryBytes ?? 0)
        case .log: row.logRate ?? 0
        case .restarts: Double(row.program.restarts)
        }
    }

    var chosenIndex: Int? { rows.firstIndex { $0.program.name == chosen } }

    // MARK: - Keys

    /// - Parameter page: How many rows are to be seen at once.
    mutating func handle(_ key: Key, page: Int) -> Action? {
        message = ""
        if isFiltering {
            edit(key)
            return nil
        }
        switch key {
        case .up, .character("k"): move(by: -1)
        case .down, .character("j"): move(by: 1)
        case .pageUp: move(by: -page)
        case .pageDown, .character(" "): move(by: page)
        case .home: move(by: -rows.count)
        case .end: move(by: rows.count)
        case .character("/"): isFiltering = true
        case .character("o"): chooseNextOrder()
        case .escape: setFilter("")
        case .character("q"), .interrupt: return .quit
        case .character("s"): return chosen.map(Action.start)
        case .character("x"): return chosen.map(Action.stop)
        case .character("r"): return chosen.map(Action.restart)
        case .character, .enter, .backspace: break
        }
        return nil
    }

    private mutating func edit(_ key: Key) {
        switch key {
        case .character(let character): setFilter(filter + String(character))
        case .backspace: setFilter(String(filter.dropLast()))
        case .enter: isFiltering = false
        case .escape, .interrupt:
            isFiltering = false
            setFilter("")
        case .up: move(by: -1)
        case .down: move(by: 1)
        case .pageUp, .pageDown, .home, .end: break
        }
    }

    private mutating func setFilter(_ text: String) {
        filter = text
        arrange()
    }

    private mutating func chooseNextOrder() {
        let all = Order.allCases
        order = all[((all.firstIndex(of: order) ?? 0) + 1) % all.count]
        arrange()
    }

    private mutating func move(by count: Int) {
        guard let index = chosenIndex else { return }
        chosen = rows[min(max(0, index + count), rows.count - 1)].program.name
    }
}
