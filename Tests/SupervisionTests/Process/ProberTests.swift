import Supervision
import SystemTypes
import Testing

@Suite struct ProberTests {
    private func prober(_ change: (inout ProbePolicy) -> Void = { _ in }) -> Prober {
        var policy = ProbePolicy()
        change(&policy)
        return Prober(policy: policy, at: .zero)
    }

    /// Asks whenever it is time to, and gives each answer after a second.
    private func effects(
        of answers: [String?],
        on prober: inout Prober
    ) -> [Prober.Effect] {
        answers.enumerated().flatMap { index, failure in
            let asked = prober.deadline
            let question = prober.handle(.deadlineReached, at: asked)
            #expect(question == [.ask(attempt: index + 1)])
            let answer = Prober.Event.answered(attempt: index + 1, failure: failure)
            return prober.handle(answer, at: asked + .seconds(1))
        }
    }

    @Test func `the first question is asked after the delay`() {
        #expect(prober().deadline == .zero)
        var late = prober { $0.delay = .seconds(4) }
        #expect(late.deadline == .seconds(4))
        #expect(late.openAttempt == nil)
        #expect(late.handle(.deadlineReached, at: .seconds(4)) == [.ask(attempt: 1)])
        #expect(late.openAttempt == 1)
    }

    @Test func `questions are asked at the interval, from one to the next`() {
        var prober = prober()
        _ = effects(of: [nil], on: &prober)
        #expect(prober.deadline == .seconds(10))
        #expect(prober.openAttempt == nil)
    }

    @Test func `after an answer that took longer than the interval the next is asked at once`() {
        var prober = prober {
            $0.interval = .milliseconds(250)
            $0.timeout = .seconds(5)
        }
        #expect(effects(of: [nil], on: &prober) == [.passed])
        #expect(prober.deadline == .seconds(1))
        #expect(prober.handle(.deadlineReached, at: .seconds(1)) == [.ask(attempt: 2)])
        #expect(prober.deadline == .seconds(6))
    }

    @Test func `a question that is not answered in time is given up, and was answered badly`() {
        var prober = prober { $0.failures = 1 }
        _ = prober.handle(.deadlineReached, at: .zero)
        #expect(prober.deadline == .seconds(2))
        let late = "no answer within 2.0 seconds"
        #expect(
            prober.handle(.deadlineReached, at: .seconds(2))
                == [.abandon(attempt: 1), .failed(late)]
        )
        #expect(prober.lastFailure == late)
        #expect(prober.deadline == .seconds(10))
    }

    @Test func `an answer to a question that was given up belongs to nobody`() {
        var prober = prober()
        _ = prober.handle(.deadlineReached, at: .zero)
        _ = prober.handle(.deadlineReached, at: .seconds(2))
        #expect(prober.handle(.answered(attempt: 1, failure: nil), at: .seconds(3)) == [])
        _ = prober.handle(.deadlineReached, at: .seconds(10))
        #expect(prober.handle(.answered(attempt: 1, failure: nil), at: .seconds(11)) == [])
        #expect(prober.openAttempt == 2)
        #expect(prober.verdict == nil)
    }

    @Test func `one good answer is enough, unless more are asked for`() {
        var quick = prober()
        #expect(effects(of: [nil], on: &quick) == [.passed])
        var careful = prober { $0.successes = 3 }
        #expect(effects(of: [nil, nil], on: &careful) == [])
        #expect(careful.verdict == nil)
    }

    @Test func `only answers in a row count`() {
        var good = prober { $0.successes = 2 }
        #expect(effects(of: [nil, "no", nil], on: &good) == [])
        #expect(good.verdict == nil)
        var bad = prober()
        #expect(effects(of: ["a", "b", nil, "c", "d"], on: &bad) == [.passed])
        #expect(bad.verdict == true)
        #expect(bad.lastFailure == "d")
    }

    @Test func `a change for the worse is told once, with the last reason`() {
        var prober = prober()
        let answers = [nil, "a", "b", "c", "d", "e", "f"]
        #expect(effects(of: answers, on: &prober) == [.passed, .failed("c")])
        #expect(prober.verdict == false)
    }

    @Test func `a change for the better is told once, and the next for the worse again`() {
        var prober = prober { $0.failures = 1 }
        #expect(
            effects(of: ["a", nil, nil, "b"], on: &prober) == [.failed("a"), .passed, .failed("b")]
        )
    }

    @Test func `a question before its time is a mistake of the caller`() async {
        await #expect(processExitsWith: .failure) {
            var policy = ProbePolicy()
            policy.delay = .seconds(1)
            var prober = Prober(policy: policy, at: .zero)
            _ = prober.handle(.deadlineReached, at: .zero)
        }
    }
}
