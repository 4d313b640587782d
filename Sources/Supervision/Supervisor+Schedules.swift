import OrderedCollections
import SystemTypes

/// Starting what is to be started at certain times.
extension Supervisor {
    var nextScheduled: Instant? {
        guard stage == .serving else { return nil }
        return scheduled.compactMap { programs[$0]?.timetable?.deadline }.min()
    }

    /// The clock on the wall is now ahead of that of ``Instant`` by `offset`.
    mutating func clockSet(_ offset: Duration) {
        self.offset = offset
        for name in scheduled { programs[name]?.timetable?.clockSet(offset: offset, at: now) }
    }

    mutating func noteScheduled() {
        scheduled = programs.values.filter {
            $0.program.schedule != nil && $0.program.autostart && !$0.isRetiring
        }.map(\.program.name)
    }

    /// Draws up the timetables anew, but for those that have not changed.
    mutating func updateTimetables(changed: Set<String>) {
        noteScheduled()
        for (name, membership) in programs where changed.contains(name) {
            guard let schedule = membership.program.schedule, scheduled.contains(name) else {
                programs[name]?.timetable = nil
                continue
            }
            programs[name]?.timetable = Timetable(
                schedule.expression,
                in: schedule.rules,
                at: now,
                offset: offset
            )
        }
    }

    mutating func startScheduled() {
        guard stage == .serving else { return }
        for name in scheduled {
            let ids = programs[name]?.instances ?? []
            let isRunning = ids.contains { instances[$0]?.isDone == false }
            switch programs[name]?.timetable?.takeDue(at: now, isRunning: isRunning) {
            case .run?: for id in ids { start(id, by: .keepd) }
            case .skipped?: effects.append(.skip(name))
            case nil: break
            }
        }
    }
}

extension Instance {
    /// No run is under way, and none will come without an order.
    var isDone: Bool {
        switch machine.state {
        case .stopped, .exited, .fatal: true
        case .waiting, .spawning, .starting, .running, .preparing, .stopping, .killing, .outlived,
            .clearing, .backoff:
            false
        }
    }
}
