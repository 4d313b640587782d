internal import Reactor

/// For those who read what has been printed.
extension LogLoop {
    /// The last lines or bytes of a stream, no more than `bytesMax`; cut where a run has ended within
    /// a line.
    func tail(
        _ id: StreamID,
        _ amount: LogAmount,
        bytesMax: Int,
        then done: @escaping ([[UInt8]]) -> Void
    ) {
        history(of: id) { [self] history in
            read(
                {
                    guard let history else { return [] }
                    try? history.seek(amount, bytesMax: bytesMax)
                    var pieces: [[UInt8]] = [[]]
                    while let part = try? history.next(bytesMax), !part.bytes.isEmpty {
                        pieces[pieces.count - 1] += part.bytes
                        if part.endsRun { pieces.append([]) }
                    }
                    return pieces
                },
                then: done
            )
        }
    }

    /// The end of what a program wrote to a stream after that many bytes of its; what is in its pipe
    /// does not count, and what the log has lost or shares with others does not matter.
    func lastWords(of id: StreamID, after count: Int, then done: @escaping ([UInt8]) -> Void) {
        let done = Confined(done, to: home)
        post(to: id) { [home] stream in
            let words = stream?.lastWords(after: count) ?? []
            home.post { done.value(words) }
        }
    }

    /// What a stream holds at this moment; `nil` if there is no such stream.
    func history(of id: StreamID, then done: @escaping (LogHistory?) -> Void) {
        let done = Confined(done, to: home)
        post(to: id) { [home] stream in
            guard let stream else { return home.post { done.value(nil) } }
            stream.history { history in home.post { done.value(history) } }
        }
    }

    /// What a stream holds at this moment, and all that comes from then on.
    ///
    /// There is no gap between the two; the second may begin to come before the first is there.
    func follow(
        _ id: StreamID,
        as follower: FollowerID,
        begin: @escaping (LogHistory?) -> Void,
        deliver: @escaping (FollowedChunk) -> Void
    ) {
        let (begin, deliver) = (Confined(begin, to: home), Confined(deliver, to: home))
        post(to: id) { [home] stream in
            guard let stream else { return home.post { begin.value(nil) } }
            let follower = Follower(follower) { chunk in
                home.post { deliver.value(chunk) }
            }
            stream.follow(follower) { history in home.post { begin.value(history) } }
        }
    }

    /// Says that the follower has passed on that many bytes, and can take as many again.
    func acknowledge(_ count: Int, _ id: StreamID, by follower: FollowerID) {
        post(to: id) { $0?.acknowledge(count, by: follower) }
    }

    func unfollow(_ id: StreamID, _ follower: FollowerID) {
        post(to: id) { _ = $0?.unfollow(follower) }
    }

    /// - Parameter done: Is given, after all that came, how many bytes it missed after that.
    func unfollow(
        _ id: StreamID,
        _ follower: FollowerID,
        then done: @escaping (_ missed: Int) -> Void
    ) {
        let done = Confined(done, to: home)
        post(to: id) { [home] stream in
            let missed = stream?.unfollow(follower) ?? 0
            home.post { done.value(missed) }
        }
    }

    /// Reads a history, for which a disk may take its time.
    func read<Answer: Sendable>(
        _ body: @escaping @Sendable () -> Answer,
        then done: @escaping (Answer) -> Void
    ) {
        readers.call(body, from: home, then: done)
    }
}
