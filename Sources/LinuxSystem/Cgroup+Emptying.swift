public import SystemPackage
internal import SystemTypes

extension Cgroup {
    /// Sleeps until there is no process in it or below it, or the patience is over.
    ///
    /// - Returns: Whether it is empty.
    public func waitUntilEmpty(patience: Duration) throws(Errno) -> Bool {
        let events = try CgroupEvents(of: self)
        let epoll = try Epoll(capacity: 1)
        try epoll.add(events.raw, for: .urgent, token: 0)
        let deadline = Instant.now + patience
        while try events.read().isPopulated {
            let rest = deadline - Instant.now
            guard rest > .zero else { return false }
            try epoll.wait(timeout: rest) { _, _ in }
        }
        return true
    }
}
