/// Which files of a log are renamed and removed, as steps that can be taken one after the other.
///
/// Whenever they are interrupted, nothing is lost that was to be kept, and a plan that is made of
/// what is there then comes to the same.
public struct RotationPlan: Equatable, Sendable {
    public enum Step: Equatable, Sendable {
        case remove(String)
        /// There is nothing at the new name.
        case rename(String, to: String)
    }

    public let steps: [Step]

    /// What is too much, if nothing is to be renamed.
    public static func tidying(_ archive: LogArchive, _ policy: LogPolicy) -> RotationPlan {
        let excess = excess(in: archive.current, policy)
        return RotationPlan(steps: removals(archive, excess))
    }

    /// The log itself becomes the newest of the older files.
    ///
    /// - Parameter size: Of the log, in bytes.
    public static func rotating(
        _ archive: LogArchive,
        size: Int,
        _ policy: LogPolicy
    ) -> RotationPlan {
        let newest = LogArchive.File(number: 0, isCompressed: false, size: size)
        let excess = Set(excess(in: [newest] + archive.current, policy))
        var steps = removals(archive, archive.current.filter { excess.contains($0) })
        guard !excess.contains(newest) else {
            return RotationPlan(steps: steps + [.remove(archive.name)])
        }
        // What is older than the first gap stays where it is.
        let kept = archive.current.filter { !excess.contains($0) }
        let run = zip(kept, 1...).prefix { $0.number == $1 }.map(\.0)
        for file in run.reversed() {
            var next = file
            next.number += 1
            steps.append(.rename(archive.name(of: file), to: archive.name(of: next)))
        }
        var first = newest
        first.number = 1
        return RotationPlan(
            steps: steps + [.rename(archive.name, to: archive.name(of: first))]
        )
    }

    /// Of files from the newest to the oldest, those that are one too many or too large together.
    private static func excess(
        in files: [LogArchive.File],
        _ policy: LogPolicy
    ) -> [LogArchive.File] {
        // The log itself may grow to its limit.
        let room = policy.totalSize.map { max(0, $0 - (policy.maxSize ?? 0)) }
        var (number, used, isOver) = (0, 0, false)
        return files.filter { file in
            // Each moves on by one, up to the first number that is free.
            number = max(number + 1, file.number)
            used += file.size
            isOver = isOver || number > policy.keep || used > room ?? .max
            return isOver
        }
    }

    private static func removals(
        _ archive: LogArchive,
        _ excess: [LogArchive.File]
    ) -> [Step] {
        (archive.remains + excess.reversed()).map { .remove(archive.name(of: $0)) }
    }
}
