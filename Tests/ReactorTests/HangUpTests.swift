import LinuxSystem
import Reactor
import SystemPackage
import Testing

private final class Ending: TransportDelegate {
    var closings: [Errno?] = []

    func transport(_ transport: Transport, received bytes: RawSpan) {}

    func transportClosed(_ transport: Transport, _ error: Errno?) {
        closings.append(error)
    }
}

/// What can be written to, and its other side, until that goes away.
private final class Line {
    enum Kind: CaseIterable {
        case pipe
        case socket
        case terminal
    }

    let near: OwnedFD
    var far: OwnedFD?

    init(_ kind: Kind) throws {
        switch kind {
        case .pipe:
            let pipe = try Pipe()
            near = try .duplicate(pipe.writing.raw)
            far = try .duplicate(pipe.reading.raw)
        case .socket:
            let pair = try UnixSocket.Pair()
            near = try .duplicate(pair.one.raw)
            far = try .duplicate(pair.other.raw)
        case .terminal:
            let pair = try PseudoTerminal(.standard)
            near = try .duplicate(pair.master.raw)
            far = try .duplicate(pair.terminal.raw)
        }
    }
}

@Suite struct HangUpTests {
    @Test(arguments: Line.Kind.allCases, LoopKind.allCases)
    fileprivate func `a writer whose other side is gone is over, whatever it writes to`(
        way: Line.Kind,
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let line = try Line(way)
        let writer = try Transport(.duplicate(line.near.raw), kind: .writePipe, loop: loop)
        let ending = Ending()
        writer.delegate = ending
        loop.runOnce(waits: false)
        #expect(ending.closings.isEmpty)
        line.far = nil
        // It hangs up again and again, and is to be heard once.
        for _ in 0..<10 { loop.runOnce(waits: false) }
        #expect(ending.closings == [nil])
    }
}
