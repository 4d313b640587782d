import SystemTypes
import Testing

@testable import Supervision

/// Which files of a log are renamed and removed.
@Suite struct RotationPlanTests {
    /// Names and sizes, as the steps leave them.
    private func after(
        _ plan: RotationPlan,
        _ files: [String: Int],
        steps: Int = .max
    ) -> [String: Int] {
        plan.steps.prefix(steps).reduce(into: files) { files, step in
            switch step {
            case .remove(let name):
                #expect(files.removeValue(forKey: name) != nil, "\(name) is not there")
            case .rename(let name, let other):
                #expect(files[other] == nil, "\(other) is there")
                files[other] = files.removeValue(forKey: name)
            }
        }
    }

    private func archive(_ files: [String: Int]) -> LogArchive {
        LogArchive(of: "web.log", in: files.map { ($0.key, $0.value) })
    }

    private func policy(
        keep: Int = 10,
        maxSize: Int? = 100,
        totalSize: Int? = nil
    ) -> LogPolicy {
        var policy = LogPolicy()
        (policy.keep, policy.maxSize, policy.totalSize) = (keep, maxSize, totalSize)
        return policy
    }

    private func rotated(_ files: [String: Int], _ policy: LogPolicy) -> [String: Int] {
        let plan = RotationPlan.rotating(archive(files), size: files["web.log"] ?? 0, policy)
        return after(plan, files)
    }

    @Test func `each file moves on by one, and the oldest is removed`() {
        let files = ["web.log": 1, "web.log.1": 2, "web.log.2.gz": 3, "web.log.3": 4]
        let expected = ["web.log.1": 1, "web.log.2": 2, "web.log.3.gz": 3]
        #expect(rotated(files, policy(keep: 3)) == expected)
    }

    @Test func `none is moved beyond a number that is free`() {
        let files = ["web.log": 1, "web.log.1": 2, "web.log.3": 4]
        #expect(rotated(files, policy()) == ["web.log.1": 1, "web.log.2": 2, "web.log.3": 4])
    }

    @Test func `where nothing is kept, the file is removed`() {
        #expect(rotated(["web.log": 1, "web.log.1": 2], policy(keep: 0)).isEmpty)
    }

    @Test func `all together are no larger than their limit, with a file that is full`() {
        let files = ["web.log": 100, "web.log.1": 100, "web.log.2": 50, "web.log.3": 60]
        let expected = ["web.log.1": 100, "web.log.2": 100, "web.log.3": 50]
        #expect(rotated(files, policy(totalSize: 350)) == expected)
        #expect(rotated(files, policy(totalSize: 349)) == ["web.log.1": 100, "web.log.2": 100])
        #expect(rotated(files, policy(totalSize: 150)).isEmpty)
    }

    @Test func `a policy that has become stricter is kept without a rotation`() {
        let files = ["web.log.1": 2, "web.log.2.gz": 3, "web.log.4": 4]
        let plan = RotationPlan.tidying(archive(files), policy(keep: 3))
        #expect(after(plan, files) == ["web.log.1": 2, "web.log.2.gz": 3])
        #expect(RotationPlan.tidying(archive(files), policy()).steps.isEmpty)
    }

    @Test func `what was compressed twice over by a crash is there once`() {
        let files = ["web.log": 1, "web.log.1": 9, "web.log.1.gz": 2]
        #expect(rotated(files, policy()) == ["web.log.1": 1, "web.log.2.gz": 2])
        let plan = RotationPlan.tidying(archive(files), policy())
        #expect(after(plan, files) == ["web.log": 1, "web.log.1.gz": 2])
    }

    @Test(arguments: [
        "web.log", "web.log.", "web.log.0", "web.log.01", "web.log.+1", "web.log.1.bz2",
        "web.log.-1", "web.log.1.gz.new", "web.log.gz.new", "other.log.1", "web.log.1x",
        "web.log.99999999999999999999", "web.log.9223372036854775807",
    ])
    func `a file of another name is none of its files`(name: String) {
        #expect(archive([name: 1]).files.isEmpty)
    }

    @Test(arguments: UInt64(0)..<200)
    func `interrupted anywhere, it has lost nothing that was to be kept`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var files = ["web.log": 5]
        for number in 1...8 where Bool.random(using: &random) {
            // The sizes tell them apart.
            files["web.log.\(number)\(Bool.random(using: &random) ? ".gz" : "")"] = 10 + number
        }
        let policy = policy(keep: Int.random(in: 1...9, using: &random))
        let whole = rotated(files, policy)
        let plan = RotationPlan.rotating(archive(files), size: 5, policy)
        for count in 0..<plan.steps.count {
            let halfway = after(plan, files, steps: count)
            #expect(Set(whole.values).isSubset(of: Set(halfway.values)))
            // The next rotation goes on from there.
            let next = rotated(halfway, policy)
            #expect(next["web.log.1"] == 5)
            #expect(next.count <= policy.keep)
        }
        #expect(whole.count <= policy.keep)
    }
}
