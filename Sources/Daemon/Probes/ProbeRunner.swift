internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Asks programs how they are; whoever asks sees to it that no question is open for too long.
///
/// Belongs to the supervision loop, and never holds it up: sockets do not block, and names are
/// looked up on a thread.
final class ProbeRunner {
    private enum Question {
        case command(Errand)
        case connection(SpawnedTask<Void>)

        func cancel() {
            switch self {
            case .command(let errand): errand.cancel()
            case .connection(let task): task.cancel()
            }
        }
    }

    private let loop: EventLoop
    /// A resolver may be slow, and one probe is not to wait for another.
    private let pool = ThreadPool(threadsMax: 4, queueMax: 1_024)
    private var open: [Incarnation: Question] = [:]

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// Asks one question.
    ///
    /// - Parameters:
    ///   - request: For `exec`, what to run, made from the words of the command.
    ///   - answer: Called once, unless the question is abandoned; with what is wrong, or `nil`.
    /// - Precondition: No other question about the run is open.
    func ask(
        _ probe: Probe,
        of run: Incarnation,
        request: ([String]) throws(SpawnFailure) -> SpawnRequest,
        answer: @escaping (String?) -> Void
    ) {
        precondition(open[run] == nil, "\(run) is asked two questions at once")
        // Not called any more once the question is cancelled.
        let conclude: (String?) -> Void = { [weak self] failure in
            self?.open[run] = nil
            answer(failure)
        }
        do {
            if case .exec(let command) = probe {
                open[run] = .command(try begin(request(command), conclude))
            } else {
                open[run] = .connection(begin(probe, conclude))
            }
        } catch {
            // Not before the caller knows that it has asked.
            loop.callSoon { answer(error.message) }
        }
    }

    /// Gives up the question about a run, if there is one; it is not answered any more.
    func abandon(_ run: Incarnation) {
        open.removeValue(forKey: run)?.cancel()
    }

    func abandonAll() {
        for run in Array(open.keys) { abandon(run) }
    }

    private func begin(
        _ request: SpawnRequest,
        _ conclude: @escaping (String?) -> Void
    ) throws(SpawnFailure) -> Errand {
        do {
            let null = try Files.openNull()
            return try Errand(
                request,
                stdio: (null.raw, null.raw, null.raw),
                limit: nil,
                on: loop
            ) { ending in
                switch ending {
                case .ended(.exited(0)): conclude(nil)
                case .ended(let status): conclude(status.description)
                case .timedOut: preconditionFailure("a probe has no limit of its own")
                }
            }
        } catch let error as SpawnError {
            throw SpawnFailure(error, request)
        } catch {
            let errno = (error as? Errno) ?? .ioError
            throw SpawnFailure(step: "open", cannot: "open /dev/null", errno)
        }
    }

    private func begin(
        _ probe: Probe,
        _ conclude: @escaping (String?) -> Void
    ) -> SpawnedTask<Void> {
        let conclude = Confined(conclude, to: loop)
        let check = ConnectionCheck(loop: loop, pool: pool)
        return loop.spawn {
            let failure = await check.failure(of: probe)
            if !Task.isCancelled { conclude.value(failure) }
        }
    }
}
