internal import LinuxSystem
internal import Logging
internal import Reactor
internal import SystemPackage
internal import SystemTypes

/// A log file, opened again and again if need be.
///
/// A disk that is full, or a directory that is missing, is tried again for as long as it takes;
/// until then nothing is taken.
final class LogFile: LogOutput {
    private static let retryInterval = Duration.milliseconds(250)
    private static let mode: UInt32 = 0o640
    private static let directoryMode: UInt32 = 0o755

    private let location: String
    private let console: Console
    private let loop: EventLoop
    private var file: OwnedFD?
    private var waiting: [() -> Void] = []
    /// Told once, not at each try.
    private var failure: Errno?

    init(path: String, console: Console, loop: EventLoop) {
        location = path
        self.console = console
        self.loop = loop
        reopen()
    }

    var path: String? { location }

    func append(_ bytes: RawSpan) -> Int {
        var taken = 0
        do {
            if file == nil { file = try open() }
            while taken < bytes.byteCount {
                let rest = bytes.extracting(taken...)
                let count = try rest.withUnsafeBytes { bytes throws(Errno) -> Int? in
                    try file?.write(bytes)
                }
                guard let count else { break }
                taken += count
            }
            succeed()
        } catch {
            fail(error)
        }
        return taken
    }

    func whenReady(_ body: @escaping () -> Void) {
        waiting.append(body)
        guard waiting.count == 1 else { return }
        loop.callLater(LogFile.retryInterval) { [weak self] in
            guard let self else { return }
            let bodies = waiting
            waiting = []
            for body in bodies { body() }
        }
    }

    func endOfRun() {}

    /// Keeps the file that is open if another cannot be had.
    func reopen() {
        do {
            file = try open()
            succeed()
        } catch {
            fail(error)
        }
    }

    func clear() {
        try? file?.truncate()
    }

    private func open() throws(Errno) -> OwnedFD {
        do {
            return try Files.openForAppending(location, mode: LogFile.mode)
        } catch .noSuchFileOrDirectory {
            guard let slash = location.lastIndex(of: "/") else { throw .noSuchFileOrDirectory }
            try Files.makeDirectories(String(location[..<slash]), mode: LogFile.directoryMode)
            return try Files.openForAppending(location, mode: LogFile.mode)
        }
    }

    private func fail(_ error: Errno) {
        guard failure != error else { return }
        failure = error
        console.write(
            .warning,
            "cannot write \(location): \(error.reason); who logs there may have to wait"
        )
    }

    private func succeed() {
        guard failure != nil else { return }
        failure = nil
        console.write(.notice, "writing \(location) again")
    }
}
