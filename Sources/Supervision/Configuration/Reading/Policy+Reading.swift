extension Policy {
    /// Reads the keys of a program that make its policy, but for its checks.
    mutating func read(_ keys: ObjectReader, stopCommand: inout [Template]?) {
        keys.read("type", into: &kind, as: .choice)
        restart.when =
            switch kind {
            case .service: .always
            case .oneshot: .onFailure
            case .scheduled: .never
            }
        keys.object("start") { start in
            start.read("settle", into: &self.start.settle, as: .duration)
            start.read("timeout", into: &self.start.timeout, as: .duration(atLeastMilliseconds: 1))
        }
        keys.value("restart")?.object(
            { restart.read($0) },
            orString: { restart.when = $0.value(as: .choice) ?? restart.when }
        )
        keys.object("stop") { stop in
            stop.read("signal", into: &self.stop.signal, as: .signal)
            stop.read("scope", into: &self.stop.scope, as: .choice)
            stop.read("timeout", into: &self.stop.timeout, as: .duration)
            stop.read("before", into: &stopCommand, as: .command)
        }
        stop.hasCommand = stopCommand != nil
    }
}

extension RestartPolicy {
    fileprivate mutating func read(_ keys: ObjectReader) {
        keys.read("when", into: &when, as: .choice)
        keys.object("backoff") { backoff.read($0) }
        keys.read("retries", into: &retries, as: .integer(in: 0...1_000_000))
        keys.read(
            "successExitCodes",
            into: &successExitCodes,
            as: .array(of: .integer(in: 0...255))
        )
    }
}

extension Backoff {
    fileprivate mutating func read(_ keys: ObjectReader) {
        let hasInitial = keys.read("initial", into: &initial, as: .duration)
        let hasMax = keys.read("max", into: &max, as: .duration)
        keys.read("factor", into: &factor, as: .number(atLeast: 1))
        keys.read("jitter", into: &jitter, as: .number(atLeast: 0, atMost: 1))
        guard hasInitial, hasMax, initial > max else { return }
        // Of the two, a default gives way to what was said.
        switch (keys.value("initial"), keys.value("max")) {
        case (.some, let max?): max.report(.lessThanInitial)
        case (.some, nil): max = initial
        case (nil, _): initial = max
        }
    }
}
