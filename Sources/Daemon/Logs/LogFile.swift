internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import Synchronization
internal import SystemPackage
internal import SystemTypes

/// A log file, opened again and again if need be, and followed by another when it is full.
///
/// A disk that is full, or a directory that is missing, is tried again for as long as it takes;
/// until then nothing is taken. A file that somebody removes or replaces is made anew.
final class LogFile: LogOutput {
    private static let retryInterval = Duration.milliseconds(250)
    /// How often it is looked whether the file is still where it was.
    private static let lookInterval = Duration.milliseconds(100)
    /// How long a file that was renamed goes on being written: whoever did that may be about to make
    /// another one, and to say so.
    private static let renamingPatience = Duration.seconds(2)
    /// How long a file may grow beyond its limit before it is tried again to begin another.
    private static let rotationRetryInterval = Duration.seconds(10)

    let place: LogPlace
    private(set) var policy: LogPolicy
    let surroundings: LogSurroundings
    private var file: OwnedFD?
    private var identity: FileStatus.Identity?
    private var isRegular = true
    /// `nil` where there is no limit.
    private var cut: LogCut?
    private var nextLook = Instant.zero
    private var missingSince: Instant?
    private var waiting: [() -> Void] = []
    /// Told once, not at each try.
    private var failure: Errno?
    private var ownerFailure: LogOwner.Failure?
    private var breaks = LineBreaks()
    private lazy var compressor = LogCompressor(of: self)
    /// Nobody writes into it any more.
    var onUnused: (() -> Void)?
    /// Of the streams that go into it.
    private var counters: [ObjectIdentifier: StreamCounters] = [:]

    init(path: String, policy: LogPolicy, _ surroundings: LogSurroundings) {
        place = LogPlace(path, beneath: surroundings.root)
        self.policy = policy
        self.surroundings = surroundings
        reopen()
        tidy()
    }

    // MARK: - Those who write into it

    func attach(_ counters: StreamCounters) {
        self.counters[ObjectIdentifier(counters)] = counters
    }

    func leave(_ counters: StreamCounters) {
        self.counters[ObjectIdentifier(counters)] = nil
        if self.counters.isEmpty { onUnused?() }
    }

    // MARK: - Writing

    func append(_ bytes: RawSpan) -> Int {
        var rest = bytes
        do {
            try keepInPlace()
            while !rest.isEmpty {
                let step = cut?.step(for: rest) ?? .write(rest.byteCount)
                guard case .write(let count) = step else {
                    rotateOrGoOn(step)
                    continue
                }
                guard let written = try write(rest.extracting(first: count)), written > 0 else {
                    break
                }
                rest = rest.extracting(written...)
            }
            succeed()
        } catch {
            // One that nobody reads is opened anew.
            if error == .brokenPipe { letGo() }
            fail(error)
        }
        return bytes.byteCount - rest.byteCount
    }

    private func write(_ bytes: RawSpan) throws(Errno) -> Int? {
        let written = try bytes.withUnsafeBytes { bytes throws(Errno) -> Int? in
            try file?.write(bytes)
        }
        if let written { cut?.wrote(bytes.extracting(first: written)) }
        return written
    }

    func whenReady(_ body: @escaping () -> Void) {
        waiting.append(body)
        guard waiting.count == 1 else { return }
        // What is full for others to read says itself when it is not.
        if failure == nil, !isRegular, let raw = file?.raw {
            do {
                return try surroundings.loop.addWriter(raw) { [weak self] in
                    self?.surroundings.loop.removeWriter(raw)
                    self?.goOn()
                }
            } catch {
                // Then it is asked.
            }
        }
        surroundings.loop.callLater(LogFile.retryInterval) { [weak self] in self?.goOn() }
    }

    private func goOn() {
        let bodies = waiting
        waiting = []
        for body in bodies { body() }
    }

    // MARK: - Its place

    /// Keeps the file that is open if another cannot be had.
    func reopen() {
        do {
            try open()
            succeed()
        } catch {
            fail(error)
        }
    }

    private func open() throws(Errno) {
        let new: OwnedFD
        do {
            new = try place.open { (directory) throws(Errno) in
                try make(place.name, in: directory)
            }
        } catch .noSuchAddressOrDevice {
            isRegular = false
            throw .noSuchAddressOrDevice
        }
        let status = try new.status
        letGo()
        file = consume new
        if status.identity != identity { breaks = LineBreaks() }
        identity = status.identity
        isRegular = status.kind == .regular
        missingSince = nil
        measure(status)
    }

    /// Makes a file as the policy says, under a name that is free.
    func make(_ name: String, in directory: borrowing Directory) throws(Errno) -> OwnedFD {
        let new = try directory.openForAppending(name, making: policy.mode)
        let owner = LogOwner(policy)
        do throws(LogOwner.Failure) {
            try owner.take(new)
            ownerFailure = nil
        } catch {
            // There is a log all the same.
            failToGive(to: owner, error)
        }
        return new
    }

    private func letGo() {
        if let raw = file?.raw, surroundings.loop.removeWriter(raw) {
            // Whoever waited for it waits for the next one.
            surroundings.loop.callLater(LogFile.retryInterval) { [weak self] in self?.goOn() }
        }
        file = nil
    }

    private func measure(_ status: FileStatus) {
        guard isRegular, let sizeMax = policy.maxSize else {
            cut = nil
            return
        }
        let begun = unfinishedLine(size: status.size)
        cut = LogCut(
            sizeMax: sizeMax,
            size: status.size,
            lineStart: status.size - (begun ?? 0)
        )
    }

    /// How long the line is with which the file ends; `nil` if it is too long to say.
    private func unfinishedLine(size: Int, lengthMax: Int = LogCut.movableMax) -> Int? {
        let length = min(size, lengthMax)
        let tail = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 1)
        defer { tail.deallocate() }
        guard let count = try? file?.read(into: tail, at: size - length) else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: tail[..<count]).bytes
        return bytes.lastNewline.map { count - $0 - 1 }
    }

    private func keepInPlace() throws(Errno) {
        guard file != nil else { return try open() }
        let now = surroundings.loop.now
        guard isRegular, now >= nextLook else { return }
        nextLook = now + LogFile.lookInterval
        guard let status = try file?.status else { return }
        if status.links == 0 { return try open() }
        let found = try? place.directory().status(of: place.name)
        guard let found else {
            let since = missingSince ?? now
            missingSince = since
            if now >= since + LogFile.renamingPatience { try open() }
            return
        }
        missingSince = nil
        if found.identity != identity { return try open() }
        // Somebody else may have cut it off.
        if let cut, cut.size != status.size { measure(status) }
    }

    // MARK: - Telling

    private func fail(_ error: Errno) {
        guard failure != error else { return }
        failure = error
        surroundings.report(
            .warning,
            "cannot write \(place.path): \(error.reason); who logs there may have to wait"
        )
    }

    private func failToGive(to owner: LogOwner, _ failure: LogOwner.Failure) {
        guard ownerFailure != failure else { return }
        ownerFailure = failure
        surroundings.report(
            .warning,
            "cannot give \(place.path) to \(owner): \(failure); it stays with who runs keepd"
        )
    }

    private func succeed() {
        guard failure != nil else { return }
        failure = nil
        surroundings.report(.notice, "writing \(place.path) again")
    }

    // MARK: - One file after the other

    func adopt(_ policy: LogPolicy) {
        guard policy != self.policy else { return }
        self.policy = policy
        if let status = try? file?.status { measure(status) }
        tidy()
    }

    func rotate() {
        guard isRegular, let size = try? file?.status.size, size > 0 else { return }
        do {
            try rotate(moving: unfinishedLine(size: size) ?? 0)
        } catch {
            surroundings.report(.warning, "cannot rotate \(place.path): \(error.reason)")
        }
    }

    private func rotateOrGoOn(_ step: LogCut.Step) {
        guard case .rotate(let moved) = step else { return }
        do {
            try rotate(moving: moved)
        } catch {
            surroundings.report(
                .warning,
                "cannot rotate \(place.path): \(error.reason); it grows beyond its limit"
            )
            cut = nil
            surroundings.loop.callLater(LogFile.rotationRetryInterval) { [weak self] in
                guard let self, let status = try? file?.status else { return }
                measure(status)
            }
        }
    }

    /// - Parameter moved: How many bytes at the end belong into the next file.
    private func rotate(moving moved: Int) throws(Errno) {
        guard let status = try file?.status else { return }
        let directory = try place.directory()
        // Somebody may have put another in its place.
        guard try directory.status(of: place.name)?.identity == identity else { return try open() }
        let archive = try place.archive(in: directory)
        for step in RotationPlan.rotating(archive, size: status.size - moved, policy).steps {
            try directory.take(step)
        }
        let next = try make(place.name, in: directory)
        let isMoved = moved > 0 && (try? move(moved, at: status.size - moved, to: next)) != nil
        identity = try next.status.identity
        file = consume next
        breaks.rotated(at: status.size - (isMoved ? moved : 0))
        if cut != nil { cut?.rotated(moving: isMoved ? moved : 0) }
        for counters in counters.values { counters.rotations.add(1, ordering: .relaxed) }
        compressor.look()
    }

    /// Takes the end of the present file away, once it is in the next.
    private func move(_ count: Int, at place: Int, to next: borrowing OwnedFD) throws(Errno) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        let length = try file?.read(into: buffer, at: place)
        let written = try next.write(UnsafeRawBufferPointer(buffer))
        guard length == count, written == count else {
            try next.truncate()
            throw .noSpace
        }
        try file?.truncate(to: place)
    }

    /// Removes what is too much by now, and compresses what is not.
    private func tidy() {
        guard isRegular, policy.maxSize != nil || policy.compress else { return }
        do {
            let directory = try place.directory()
            let archive = try place.archive(in: directory)
            for step in RotationPlan.tidying(archive, policy).steps { try directory.take(step) }
            compressor.look()
        } catch {
            surroundings.report(.warning, "cannot tidy \(place.path): \(error.reason)")
        }
    }

    /// Ends what goes on beside the writing.
    func close(then done: @escaping () -> Void) {
        compressor.close(then: done)
    }

    // MARK: - For readers

    func clear() {
        try? file?.truncate()
        breaks = LineBreaks()
        if let status = try? file?.status { measure(status) }
        guard let directory = try? place.directory(),
            let archive = try? place.archive(in: directory)
        else { return }
        for old in archive.files { try? directory.remove(archive.name(of: old)) }
    }

    func endOfRun() {
        guard isWithinLine, let size = try? file?.status.size else { return }
        breaks.note(size)
    }

    var isWithinLine: Bool {
        guard isRegular, let size = try? file?.status.size, size > 0 else { return false }
        return unfinishedLine(size: size, lengthMax: 1) != 0
    }

    var keepsHistory: Bool { isRegular }

    func history(then done: @escaping (LogHistory?) -> Void) {
        done(isRegular ? try? LogHistory(of: place, breaks) : nil)
    }
}

extension Directory {
    fileprivate func take(_ step: RotationPlan.Step) throws(Errno) {
        switch step {
        case .remove(let name): try remove(name)
        case .rename(let name, let other): try rename(name, to: other)
        }
    }
}
