public import SystemTypes

/// By how much the clocks of a region are ahead of UTC, and when that changes.
public struct TimeZoneRules: Equatable, Sendable, Codable {
    /// A stretch in which the clocks were not changed.
    struct Period: Equatable {
        /// Seconds since 1970, UTC; the least and the greatest number where nothing bounds it.
        let start: Int64
        /// The first moment that no longer belongs to it.
        let end: Int64
        /// Seconds ahead of UTC.
        let offset: Int64

        /// What the clocks show at the start.
        var localStart: Int64 { start == .min ? .min : start + offset }
        /// What they would show at the end, had they not been changed.
        var localEnd: Int64 { end == .max ? .max : end + offset }
    }

    struct Transition: Equatable, Codable {
        let at: Int64
        /// Seconds ahead of UTC from then on.
        let offset: Int64
    }

    /// Before the first transition.
    private let firstOffset: Int64
    /// In the order of time.
    private let transitions: [Transition]
    /// For the time after the last transition; `nil` if nothing changes any more.
    private let rule: DaylightRule?

    public static let utc = TimeZoneRules(firstOffset: 0, transitions: [], rule: nil)

    init(firstOffset: Int64, transitions: [Transition], rule: DaylightRule?) {
        self.firstOffset = firstOffset
        self.transitions = transitions
        self.rule = rule
    }

    /// Seconds by which the clocks are ahead of UTC at `time`.
    public func offset(at time: WallTime) -> Int {
        Int(period(at: time.wholeSeconds).offset)
    }

    func period(at seconds: Int64) -> Period {
        let next = transitions.partitioningIndex { $0.at > seconds }
        let current = next > 0 ? transitions[next - 1] : nil
        if next == transitions.count, let rule {
            return period(at: seconds, by: rule, after: current)
        }
        return Period(
            start: current?.at ?? .min,
            end: next < transitions.count ? transitions[next].at : .max,
            offset: current?.offset ?? firstOffset
        )
    }

    private func period(
        at seconds: Int64,
        by rule: DaylightRule,
        after last: Transition?
    ) -> Period {
        let year = LocalTime.date(ofDay: LocalTime(secondsSinceEpoch: seconds).day).year
        var current = last
        for transition in rule.transitions(from: year - 1, through: year + 1)
        where transition.at > last?.at ?? .min {
            guard transition.at <= seconds else {
                return Period(
                    start: current?.at ?? .min,
                    end: transition.at,
                    offset: current?.offset ?? firstOffset
                )
            }
            current = transition
        }
        preconditionFailure("no change of clocks in the year after \(year)")
    }
}

extension Array {
    /// Of the elements for which `belongs` holds, all of them at the end, the first; or the end.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
