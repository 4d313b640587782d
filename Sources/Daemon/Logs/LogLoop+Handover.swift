internal import LinuxSystem
internal import Reactor
internal import SystemTypes

/// For the daemon that comes after this one.
extension LogLoop {
    /// Has streams stand still, and tells what is to be known of each.
    ///
    /// What they have read is in the logs then. A disk that is stuck may never let it come to that;
    /// see ``thaw(_:)``.
    func freeze(_ ids: [StreamID], then done: @escaping ([StreamID: FrozenStream]) -> Void) {
        let found = Found()
        let countdown = Countdown { done(found.streams) }
        for id in ids {
            countdown.begin()
            let answer = Confined(
                { (stream: FrozenStream?) in
                    found.streams[id] = stream
                    countdown.end()
                },
                to: home
            )
            post(to: id) { [home] stream in
                guard let stream else { return home.post { answer.value(nil) } }
                stream.freeze { frozen in home.post { answer.value(frozen) } }
            }
        }
        countdown.seal()
    }

    private final class Found {
        var streams: [StreamID: FrozenStream] = [:]
    }

    /// Has them go on, whether they have come to stand still or not.
    func thaw(_ ids: [StreamID]) {
        for id in ids { post(to: id) { $0?.thaw() } }
    }
}
