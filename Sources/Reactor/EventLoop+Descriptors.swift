internal import LinuxSystem
public import SystemPackage

/// The callbacks of one descriptor; they share a registration, for epoll takes a descriptor only
/// once.
final class DescriptorWatch {
    struct Callback {
        let body: () throws -> Void
        let place: Place
    }

    private unowned let loop: EventLoop
    private var registration: Registration?
    private(set) var reader: Callback?
    private(set) var writer: Callback?

    fileprivate init(_ fd: CInt, on loop: EventLoop) throws(Errno) {
        self.loop = loop
        // With both to begin with, so that what epoll refuses is refused here.
        registration = try loop.register(fd, for: [.read, .write]) { [weak self] in
            self?.report($0)
        }
    }

    fileprivate func set(reader: Callback?, writer: Callback?) {
        self.reader = reader
        self.writer = writer
        var interest: Epoll.Readiness = []
        if reader != nil { interest.insert(.read) }
        if writer != nil { interest.insert(.write) }
        registration?.watch(for: interest)
    }

    /// As in asyncio, an error or a hang-up concerns both.
    private func report(_ readiness: Epoll.Readiness) {
        if !readiness.isDisjoint(with: [.read, .hangUp, .error]) { call(reader, .reader) }
        // The reader may have removed the writer.
        if !readiness.isDisjoint(with: [.write, .hangUp, .error]) { call(writer, .writer) }
    }

    private func call(_ callback: Callback?, _ source: FailureContext.Source) {
        guard let callback else { return }
        loop.attempt(callback.body, source, callback.place)
    }

    func close() {
        registration?.cancel()
        (reader, writer) = (nil, nil)
    }
}

extension EventLoop {
    /// Calls `body` in each iteration in which `fd` can be read; takes the place of the reader
    /// before.
    ///
    /// The descriptor stays the caller's, who removes the reader before it is closed. For what is
    /// known by more than a number, see ``register(_:for:isUrgent:_:)``.
    ///
    /// - Throws: `.notPermitted` for a regular file, which is always ready; `.fileExists` for a
    ///   descriptor that a transport or a registration of this loop watches already.
    public func addReader(
        _ fd: CInt,
        _ body: @escaping () throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(Errno) {
        let watch = try watch(of: fd)
        watch.set(reader: .init(body: body, place: Place(file, line)), writer: watch.writer)
    }

    /// Calls `body` in each iteration in which `fd` can be written; takes the place of the writer
    /// before.
    ///
    /// The same holds as for ``addReader(_:_:file:line:)``.
    public func addWriter(
        _ fd: CInt,
        _ body: @escaping () throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(Errno) {
        let watch = try watch(of: fd)
        watch.set(reader: watch.reader, writer: .init(body: body, place: Place(file, line)))
    }

    /// Calls the reader of `fd` no more, also if it is ready in this iteration.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    public func removeReader(_ fd: CInt) -> Bool {
        guard let watch = watches[fd], watch.reader != nil else { return false }
        update(watch, of: fd, reader: nil, writer: watch.writer)
        return true
    }

    /// Calls the writer of `fd` no more, also if it is ready in this iteration.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    public func removeWriter(_ fd: CInt) -> Bool {
        guard let watch = watches[fd], watch.writer != nil else { return false }
        update(watch, of: fd, reader: watch.reader, writer: nil)
        return true
    }

    private func watch(of fd: CInt) throws(Errno) -> DescriptorWatch {
        if let watch = watches[fd] { return watch }
        let watch = try DescriptorWatch(fd, on: self)
        watches[fd] = watch
        return watch
    }

    private func update(
        _ watch: DescriptorWatch,
        of fd: CInt,
        reader: DescriptorWatch.Callback?,
        writer: DescriptorWatch.Callback?
    ) {
        watch.set(reader: reader, writer: writer)
        guard reader == nil, writer == nil else { return }
        watch.close()
        watches[fd] = nil
    }
}
