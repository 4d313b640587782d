internal import LinuxSystem
internal import SystemPackage

/// The three descriptors of a child to be, and the parent's ends of the pipes among them.
///
/// When it goes away, the parent has no descriptor left that was for the child.
final class StandardDescriptors {
    private let input: ChildEnd
    private let output: ChildEnd
    private let error: ChildEnd?

    init(_ plan: (stdin: Stdio, stdout: Stdio, stderr: Stdio)) throws(Errno) {
        precondition(plan.stdin != .sameAsOutput && plan.stdout != .sameAsOutput)
        input = try ChildEnd(plan.stdin, number: 0)
        output = try ChildEnd(plan.stdout, number: 1)
        error = plan.stderr == .sameAsOutput ? nil : try ChildEnd(plan.stderr, number: 2)
    }

    /// For ``EventLoop/spawn(_:stdio:onExit:)``.
    var stdio: (CInt, CInt, CInt) {
        (input.descriptor.raw, output.descriptor.raw, (error ?? output).descriptor.raw)
    }

    func takeSink(on loop: EventLoop) throws(Errno) -> ByteSink? {
        guard let end = input.parentEnd.take() else { return nil }
        return try ByteSink(end, on: loop)
    }

    func takeOutput(on loop: EventLoop) throws(Errno) -> ByteStream? {
        guard let end = output.parentEnd.take() else { return nil }
        return try ByteStream(end, on: loop)
    }

    func takeError(on loop: EventLoop) throws(Errno) -> ByteStream? {
        guard let end = error?.parentEnd.take() ?? nil else { return nil }
        return try ByteStream(end, on: loop)
    }

    /// All at once, by the number that the child knows each under.
    func takeTransports(on loop: EventLoop) throws(Errno) -> [CInt: Transport] {
        var transports: [CInt: Transport] = [:]
        if let end = input.parentEnd.take() {
            let kind: Transport.Kind = input.isSocket ? .socket : .writePipe
            transports[0] = try Transport(end, kind: kind, loop: loop)
        }
        if let end = output.parentEnd.take() {
            transports[1] = try Transport(end, kind: .readPipe, loop: loop)
        }
        if let end = error?.parentEnd.take() ?? nil {
            transports[2] = try Transport(end, kind: .readPipe, loop: loop)
        }
        return transports
    }
}

/// One descriptor of the child.
private final class ChildEnd {
    /// What a pipe holds.
    ///
    /// More makes nothing faster, and a user who is not root may have 64 MiB.
    private static let pipeSize = 262_144

    let descriptor: OwnedFD
    /// Of a pipe or a pair of sockets, until it is taken.
    var parentEnd: OwnedFD?
    let isSocket: Bool

    /// - Parameter number: Which standard descriptor it becomes.
    init(_ stdio: Stdio, number: CInt) throws(Errno) {
        isSocket = stdio == .socket
        switch stdio {
        case .inherit:
            descriptor = try .duplicate(number)
        case .null:
            descriptor = try Files.openNull()
        case .file(let path, let append):
            descriptor =
                number == 0
                ? try Files.openForReading(path) : try Files.openForWriting(path, append: append)
        case .descriptor(let raw):
            descriptor = try .duplicate(raw)
        case .pipe:
            let pipe = try Pipe()
            pipe.reading.widenPipe(to: ChildEnd.pipeSize)
            let isInput = number == 0
            descriptor = try .duplicate(isInput ? pipe.reading.raw : pipe.writing.raw)
            parentEnd = try .duplicate(isInput ? pipe.writing.raw : pipe.reading.raw)
        case .socket:
            let pair = try UnixSocket.Pair()
            descriptor = try .duplicate(pair.one.raw)
            parentEnd = try .duplicate(pair.other.raw)
        case .sameAsOutput:
            preconditionFailure("only standard error can be the same as output")
        }
    }
}
