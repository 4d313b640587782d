import Bench
import Glibc
import NIOCore
import NIOPosix

/// The output of a child that floods; `count` is in MiB.
enum Output {
    static func read(_ count: Int) throws -> Double {
        try receive(count, into: nil)
    }

    static func copy(_ count: Int) throws -> Double {
        let file = open(Bench.sink, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        Bench.expect(file >= 0, "cannot open the file")
        defer { close(file) }
        return try receive(count, into: file)
    }

    private static func receive(_ count: Int, into file: CInt?) throws -> Double {
        let (child, output) = start(count)
        let pause = try withLoops(1) { loops, over in
            _ = NIOPipeBootstrap(group: loops[0])
                .channelOption(.maxMessagesPerRead, value: 4)
                .channelOption(
                    .recvAllocator,
                    value: FixedSizeRecvByteBufferAllocator(capacity: 65_536)
                )
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let sink = Sink(file, count << 20, over)
                        try channel.pipeline.syncOperations.addHandler(sink)
                    }
                }
                .takingOwnershipOfDescriptor(input: output)
        }
        var status: CInt = 0
        Bench.expect(waitpid(child, &status, 0) == child && status == 0, "the child failed")
        return pause
    }

    private static func start(_ count: Int) -> (child: pid_t, output: CInt) {
        var ends: [CInt] = [-1, -1]
        var child = pid_t()
        var actions = posix_spawn_file_actions_t()
        Bench.expect(pipe(&ends) == 0, "pipe")
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        let arguments = [strdup("flood"), strdup("\(count)"), nil]
        let error = posix_spawn(&child, Bench.flood, &actions, nil, arguments, [nil])
        Bench.expect(error == 0, "posix_spawn")
        close(ends[1])
        return (child, ends[0])
    }
}

/// Drops what arrives, or writes it into a file.
private final class Sink: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let file: CInt?
    private var missing: Int
    private let over: EventLoopPromise<Double>

    init(_ file: CInt?, _ bytes: Int, _ over: EventLoopPromise<Double>) {
        self.file = file
        missing = bytes
        self.over = over
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
            missing -= bytes.count
            guard let file else { return }
            Bench.expect(write(file, bytes.baseAddress, bytes.count) == bytes.count, "write")
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        Bench.expect(missing == 0, "bytes are missing")
        over.succeed(0)
    }
}
