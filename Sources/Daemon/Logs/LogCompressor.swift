internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import Synchronization
internal import SystemPackage

/// Compresses the older files of one log, one after the other, the oldest first.
///
/// A thread of a pool writes the compressed bytes to a draft, which takes the place of the plain
/// file when the disk has it; whatever happens before, the plain file is there. Meanwhile that may
/// get another number, so it is found again by its identity.
final class LogCompressor {
    private unowned let file: LogFile
    private var job: CompressionJob?
    private var onEnd: (() -> Void)?
    private var isClosed = false

    init(of file: LogFile) {
        self.file = file
    }

    /// Looks for something to compress.
    func look() {
        guard file.policy.compress, job == nil, !isClosed else { return }
        do {
            try begin()
        } catch {
            fail(error)
        }
    }

    /// Breaks off what is under way; the next daemon does it again.
    func close(then done: @escaping () -> Void) {
        isClosed = true
        guard let job else { return done() }
        job.isCancelled.store(true, ordering: .relaxed)
        onEnd = done
    }

    private func begin() throws(Errno) {
        let directory = try file.place.directory()
        let archive = try file.place.archive(in: directory)
        guard let plain = archive.files.last(where: { !$0.isCompressed }) else { return }
        // Of a daemon that was killed; nobody else uses the name.
        try? directory.remove(archive.draftName)
        let source = try directory.openForReading(archive.name(of: plain))
        let draft = try file.make(archive.draftName, in: directory)
        let job = CompressionJob(try source.status.identity)
        self.job = job
        let (from, to) = (source.release(), draft.release())
        let surroundings = file.surroundings
        surroundings.compressors.call(
            { job.compress(from, to) },
            from: surroundings.loop
        ) { [self] result in
            ended(job, result)
        }
    }

    private func ended(_ job: CompressionJob, _ result: CompressionJob.Outcome) {
        self.job = nil
        do throws(Errno) {
            switch result {
            case .compressed: try replace(job)
            case .cancelled: try removeDraft()
            case .failed(let error):
                try removeDraft()
                throw error
            }
            look()
        } catch {
            fail(error)
        }
        onEnd?()
        onEnd = nil
    }

    private func replace(_ job: CompressionJob) throws(Errno) {
        let directory = try file.place.directory()
        let archive = try file.place.archive(in: directory)
        for plain in archive.files where !plain.isCompressed {
            let name = archive.name(of: plain)
            guard try directory.status(of: name)?.identity == job.identity else { continue }
            var compressed = plain
            compressed.isCompressed = true
            try directory.rename(archive.draftName, to: archive.name(of: compressed))
            return try directory.remove(name)
        }
        // It was removed, being the oldest, or by somebody.
        try directory.remove(archive.draftName)
    }

    private func removeDraft() throws(Errno) {
        let directory = try file.place.directory()
        try directory.remove(try file.place.archive(in: directory).draftName)
    }

    /// It stays as it is; the next rotation tries again.
    private func fail(_ error: Errno) {
        file.surroundings.report(
            .warning,
            "cannot compress the older files of \(file.place.path): \(error.reason)"
        )
    }
}
