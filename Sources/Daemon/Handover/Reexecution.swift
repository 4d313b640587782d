internal import ControlProtocol
internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Executes keepd's binary anew in this process, and has what is there go on in another daemon.
///
/// 1. The binary on disk, in a process of its own, has to say that it can read the state.
/// 2. Whoever calls waits, nothing is started, what is being written is written, and the streams of
///    the logs stand still.
/// 3. In one turn of the loop the state is written down and the binary executed. What happens
///    meanwhile waits in the kernel: exits, for nobody else reaps them, signals, for they stay
///    blocked, bytes in pipes, and connections.
///
/// Whatever goes wrong, even in the last step, all goes on as if nothing had been.
final class Reexecution {
    /// Why it was not done.
    struct Refusal: Error {
        let reason: String
        /// What the binary said to that.
        var output = ""
    }

    /// How long the binary on disk may take to read a state.
    private static let patienceWithTrial = Duration.seconds(10)
    /// How long the disks of the logs may take to write what has been read.
    private static let patienceWithDisks = Duration.seconds(5)
    private static let outputMax: UInt64 = 16_384

    private let loop: EventLoop
    private let logs: LogLoop
    private let host: LinuxHost
    private let registry: Registry
    private let conductor: Conductor
    private let server: ControlServer
    private let inheritance: Inheritance
    private let makeHandover: ([StreamID: FrozenStream], Luggage) -> Handover
    /// Where this binary was, and where the next one is.
    private let path: String?
    /// Told that it was not done; empty while nothing goes on.
    private var waiting: [(Refusal) -> Void] = []
    private var trial: Errand?
    private var impatience: TimerHandle?
    /// How often things have been brought to stand still: an answer may come when that is over.
    private var attempt = 0

    init(
        loop: EventLoop,
        logs: LogLoop,
        host: LinuxHost,
        registry: Registry,
        conductor: Conductor,
        server: ControlServer,
        inheritance: Inheritance,
        makeHandover: @escaping ([StreamID: FrozenStream], Luggage) -> Handover
    ) {
        self.loop = loop
        self.logs = logs
        self.host = host
        self.registry = registry
        self.conductor = conductor
        self.server = server
        self.inheritance = inheritance
        self.makeHandover = makeHandover
        path = ProcessImage.path
    }

    /// - Parameter refused: Called if it is not done; else nobody is there who could.
    func begin(refused: @escaping (Refusal) -> Void) {
        waiting.append(refused)
        // Who comes while it goes on gets the same answer.
        guard waiting.count == 1 else { return }
        guard let path else { return refuse("nobody can say where keepd's binary is") }
        do {
            try tryOut(path)
        } catch {
            refuse(error)
        }
    }

    private func refuse(_ refusal: Refusal) {
        let all = waiting
        waiting = []
        for refused in all { refused(refusal) }
    }

    private func refuse(_ reason: String) {
        refuse(Refusal(reason: reason))
    }

    // MARK: - The binary

    private func tryOut(_ path: String) throws(Refusal) {
        do {
            let text = makeHandover([:], Luggage()).text
            let file = try MemoryFile.make("keepd-trial", sealed: text)
            let output = try MemoryFile.make("keepd-trial-output")
            let null = try Files.openNull()
            var request = SpawnRequest(
                candidates: [path],
                arguments: [path, "--check-handover", "\(Parcel.descriptorOfTrial)"],
                environment: ProcessEnvironment.variables.map { "\($0.key)=\($0.value)" }
            )
            request.descriptors[Parcel.descriptorOfTrial] = file.raw
            let limit = Reexecution.outputMax
            request.limits = [LinuxSystem.ResourceLimit(.fileSize, soft: limit, hard: limit)]
            let raw = output.release()
            trial = try Errand(
                request,
                stdio: (null.raw, null.raw, raw),
                limit: Reexecution.patienceWithTrial,
                on: loop
            ) { [weak self] in
                self?.triedOut($0, OwnedFD(adopting: raw))
            }
        } catch {
            let errno = (error as? SpawnError)?.errno ?? (error as? Errno) ?? .ioError
            throw Refusal(reason: "cannot execute \(path): \(errno.reason)")
        }
    }

    private func triedOut(_ ending: Errand.Ending, _ output: consuming OwnedFD) {
        trial = nil
        let bytes = (try? MemoryFile.content(of: output)) ?? []
        let text = String(decoding: bytes, as: UTF8.self)
        switch ending {
        case .ended(.exited(0)) where text.hasSuffix("\(Parcel.acceptance)\n"): settle()
        case .ended(.exited(0)): refuse(Refusal(reason: "\(path ?? "") is not keepd", output: text))
        case .ended(let status):
            let reason = "the binary on disk cannot go on from here: \(status)"
            refuse(Refusal(reason: reason, output: text))
        case .timedOut:
            let reason = "the binary on disk does not answer"
            refuse(Refusal(reason: reason, output: text))
        }
    }

    // MARK: - Standing still

    private func settle() {
        server.freeze()
        host.isFrozen = true
        impatience = loop.callLater(Reexecution.patienceWithDisks) { [weak self] in
            self?.goOn()
            self?.refuse("a disk does not take what is to be written")
        }
        attempt += 1
        let attempt = attempt
        registry.settle { [weak self] in
            guard let self, isStandingStill(attempt) else { return }
            logs.freeze(host.streams) { [weak self] frozen in
                guard let self, isStandingStill(attempt) else { return }
                execute(frozen)
            }
        }
    }

    private func isStandingStill(_ attempt: Int) -> Bool {
        impatience != nil && attempt == self.attempt
    }

    private func goOn() {
        impatience?.cancel()
        impatience = nil
        logs.thaw(host.streams)
        host.isFrozen = false
        server.thaw()
    }

    // MARK: - The point of no return

    private func execute(_ frozen: [StreamID: FrozenStream]) {
        guard let path, !conductor.supervisor.isShuttingDown else {
            goOn()
            return refuse("keepd is shutting down")
        }
        host.forgetRequests()
        let reason = execute(path, frozen)
        // What was forgotten is asked for again, here as there.
        goOn()
        conductor.handle(.resumed)
        refuse("cannot execute \(path): \(reason)")
    }

    /// - Returns: Why it could not be done.
    private func execute(_ path: String, _ frozen: [StreamID: FrozenStream]) -> String {
        let luggage = Luggage()
        do throws(Errno) {
            let text = makeHandover(frozen, luggage).text
            let file = try MemoryFile.make("keepd-handover", sealed: text)
            logs.flush()
            inheritance.channel?.flush(within: .seconds(1))
            return ProcessImage.replace(
                by: path,
                adding: "\(Parcel.variable)=\(file.raw)",
                keeping: luggage.numbers + [file.raw] + (inheritance.holder?.carried ?? [])
            ).reason
        } catch {
            return error.reason
        }
    }
}
