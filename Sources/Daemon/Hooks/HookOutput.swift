internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage

/// What a hook writes, by lines; of many only the first.
///
/// What comes after them is read all the same, for a hook shall neither wait nor fail because it
/// says much.
final class HookOutput: TransportDelegate {
    static let linesMax = 20
    static let lengthMax = 1_024

    private let transport: Transport
    private let tell: (String) -> Void
    private var framer = LineFramer(lengthMax: HookOutput.lengthMax)
    private var lines = 0

    init(
        _ reading: consuming OwnedFD,
        on loop: EventLoop,
        tell: @escaping (String) -> Void
    ) throws(Errno) {
        transport = try Transport(reading, kind: .readPipe, loop: loop)
        self.tell = tell
        transport.delegate = self
    }

    /// Lent; `nil` once nothing more can come.
    var descriptor: CInt? { transport.descriptor }

    func transport(_ transport: Transport, received bytes: RawSpan) {
        guard lines <= HookOutput.linesMax else { return }
        framer.append(bytes) { add($0) }
    }

    private func add(_ line: ArraySlice<UInt8>) {
        lines += 1
        if lines <= HookOutput.linesMax { return tell(String(decoding: line, as: UTF8.self)) }
        if lines == HookOutput.linesMax + 1 { tell("the rest of its lines is left out") }
    }

    /// Tells what it wrote before its end; what it has left running is not listened to any more.
    func finish() {
        transport.drain()
        framer.finish { add($0) }
        transport.close()
    }
}
