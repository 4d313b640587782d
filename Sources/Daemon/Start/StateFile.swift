internal import LinuxSystem
internal import Reactor
internal import SystemPackage

/// A small file in the state directory that is written whole, each time anew.
///
/// A disk may take its time, so that threads of a pool wait for it; one at a time, or an older
/// content might come after a newer one.
final class StateFile {
    private static let mode: UInt32 = 0o600
    private static let directoryMode: UInt32 = 0o700
    private static let bytesMax = 16 << 20

    /// What became of it; `nil` if it is on the disk.
    typealias Answer = (Errno?) -> Void

    let path: String
    private let directory: String
    private let loop: EventLoop
    private let pool: ThreadPool
    private var isWriting = false
    private var settling: [() -> Void] = []
    /// What has come since the writing began; only the last counts, and answers for all.
    private var next: (bytes: [UInt8], answers: [Answer])?

    init(_ name: String, in directory: String, loop: EventLoop, pool: ThreadPool) {
        self.directory = directory
        path = "\(directory)/\(name)"
        self.loop = loop
        self.pool = pool
    }

    /// - Returns: `nil` if there is none.
    func read() throws(Errno) -> [UInt8]? {
        do {
            return try Files.read(path, bytesMax: StateFile.bytesMax)
        } catch .noSuchFileOrDirectory {
            return nil
        }
    }

    /// Calls back when nothing is being written.
    func settle(then done: @escaping () -> Void) {
        if isWriting { settling.append(done) } else { done() }
    }

    func write(_ bytes: [UInt8], then answer: @escaping Answer) {
        guard isWriting else { return begin(bytes, [answer]) }
        next = (bytes, (next?.answers ?? []) + [answer])
    }

    private func begin(_ bytes: [UInt8], _ answers: [Answer]) {
        isWriting = true
        pool.call(
            { [directory, path] in StateFile.replace(path, in: directory, with: bytes) },
            from: loop
        ) { [self] error in
            isWriting = false
            if let (bytes, answers) = next.take() { begin(bytes, answers) }
            for answer in answers { answer(error) }
            guard !isWriting else { return }
            let settled = settling
            settling = []
            for done in settled { done() }
        }
    }

    private static func replace(_ path: String, in directory: String, with bytes: [UInt8]) -> Errno?
    {
        do {
            try Files.makeDirectories(directory, mode: directoryMode)
            try Files.replace(path, with: bytes, mode: mode)
            return nil
        } catch {
            return error
        }
    }
}

extension ThreadPool {
    /// Has a thread make a call that may block, and tells on the loop what came of it.
    func call<Answer: Sendable>(
        _ body: @escaping @Sendable () -> Answer,
        from loop: EventLoop,
        then done: @escaping (Answer) -> Void
    ) {
        let done = Confined(done, to: loop)
        do {
            _ = try submit {
                let answer = body()
                loop.post { done.value(answer) }
            }
        } catch {
            // Each call is made for a client, of whom there are few, and none after the end.
            preconditionFailure("cannot make a call: \(error)")
        }
    }
}
