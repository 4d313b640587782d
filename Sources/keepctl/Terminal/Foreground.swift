import ControlClient
import ControlProtocol
import LinuxSystem
import SystemPackage
import SystemTypes

/// A program and this terminal, connected: what is typed goes there, and what it prints comes here.
struct Foreground: ~Copyable {
    private static let signals: Set<Signal> = [
        .interrupt, .terminate, .hangUp, .quit, .windowChange,
    ]
    private static let bytesPerRead = 4_096

    /// Why it is over.
    enum End: Equatable {
        case detached
        /// The run is over; how, as the log has it.
        case ended(String)
    }

    private let name: String
    private let hasTerminal: Bool
    private let signalFD: SignalFD
    private var client: Client
    private var stdout: Client
    private var stderr: Client
    /// Of what it prints, the streams that go on.
    private var open: Set<Control.Tail.Stream> = [.stdout, .stderr]
    /// Of those, the ones that are followed by now, so that no answer to what is typed is missed.
    private var followed: Set<Control.Tail.Stream> = []
    private var events: Client
    private var filter = TerminalFilter()
    private var isReadingInput = true
    private let isInputTerminal = Files.isTerminal(StandardStream.input.rawValue)
    private let isFiltered: Bool

    /// - Parameter connect: Makes a further connection; each stream takes one.
    init(
        _ name: String,
        lines: UInt?,
        connect: () throws(ClientError) -> Client
    ) throws {
        // Before anything is printed: from now on they are read, and end nothing.
        SignalMask.block(Foreground.signals)
        let signalFD = try SignalFD(Foreground.signals)
        var events = try connect()
        try events.begin(Control.Events(names: [name], follow: true))
        // With the first answer, it is certain that the end of the run will be told.
        while try events.takeReplies(to: Control.Events.self).answers.isEmpty {}
        var client = try connect()
        let hasTerminal = try Foreground.resize(name, by: &client)
        func tail(_ stream: Control.Tail.Stream) -> Control.Tail {
            Control.Tail(name: name, stream: stream, lines: lines, follow: true, untilExit: true)
        }
        var stdout = try connect()
        var stderr = try connect()
        try stdout.begin(tail(.stdout))
        try stderr.begin(tail(.stderr))
        self.name = name
        self.signalFD = signalFD
        self.client = client
        self.hasTerminal = hasTerminal
        self.stdout = stdout
        self.stderr = stderr
        self.events = events
        isFiltered = !hasTerminal && Files.isTerminal(StandardStream.output.rawValue)
    }

    /// Gives the program's terminal the size of this one.
    ///
    /// - Returns: Whether the program has a terminal.
    private static func resize(
        _ name: String,
        by client: inout Client
    ) throws(ClientError) -> Bool {
        let size = WindowSize(of: StandardStream.input.rawValue) ?? .standard
        let request = Control.ResizeTerminal(
            name: name,
            rows: UInt(size.rows),
            columns: UInt(size.columns)
        )
        do {
            _ = try client.call(request)
            return true
        } catch .refused(.inputRefused) {
            return false
        }
    }

    mutating func run() throws -> End {
        // Its mode comes back however this ends.
        let raw =
            hasTerminal && isInputTerminal
            ? try RawTerminal(StandardStream.input.rawValue) : nil
        defer { withExtendedLifetime(raw) {} }
        while true {
            if let end = try step() { return end }
        }
    }

    private mutating func step() throws -> End? {
        let input = StandardStream.input.rawValue
        var sources = [signalFD.raw]
        if open.contains(.stdout) { sources.append(stdout.descriptor) }
        if open.contains(.stderr) { sources.append(stderr.descriptor) }
        if isReadingInput, followed.isSuperset(of: open) { sources.append(input) }
        let ready = try Readiness.wait(for: sources)
        if ready.contains(stdout.descriptor) {
            show(try stdout.takeReplies(to: Control.Tail.self), of: .stdout)
        }
        if ready.contains(stderr.descriptor) {
            show(try stderr.takeReplies(to: Control.Tail.self), of: .stderr)
        }
        if open.isEmpty { return try takeEnd() }
        if ready.contains(signalFD.raw), try takeSignal() { return .detached }
        if ready.contains(input), try takeInput() { return .detached }
        return nil
    }

    private mutating func show(
        _ replies: Client.Replies<Control.Tail.Answer>,
        of stream: Control.Tail.Stream
    ) {
        for piece in replies.answers {
            if let gap = piece.gap { Console.complain("\(gap) bytes are missing here") }
            Console.write(isFiltered ? filter.filter(piece.bytes) : piece.bytes)
        }
        if !replies.answers.isEmpty { followed.insert(stream) }
        if replies.isComplete { open.remove(stream) }
    }

    /// How the run ended, whose output is over.
    private mutating func takeEnd() throws -> End {
        while true {
            let events = try events.takeReplies(to: Control.Events.self).answers.flatMap(\.events)
            if let last = events.first(where: { $0.exit != nil }) { return .ended(last.message) }
        }
    }

    /// - Returns: Whether to let go of the program.
    private mutating func takeSignal() throws -> Bool {
        while let signal = try signalFD.next() {
            guard signal == .windowChange else { return true }
            if hasTerminal { _ = try Foreground.resize(name, by: &client) }
        }
        return false
    }

    /// - Returns: Whether to let go of the program.
    private mutating func takeInput() throws -> Bool {
        let bytes = try StandardStream.input.read(bytesMax: Foreground.bytesPerRead)
        guard !bytes.isEmpty else {
            // Who has nothing more to say from a file still wants to hear the answer.
            isReadingInput = false
            return isInputTerminal
        }
        let isRaw = hasTerminal && isInputTerminal
        let (typed, isDetaching) = isRaw ? DetachKey.split(bytes) : (bytes, false)
        if !typed.isEmpty { try send(typed) }
        return isDetaching
    }

    private mutating func send(_ bytes: [UInt8]) throws {
        do {
            _ = try client.call(Control.WriteStdin(name: name, bytes: bytes))
        } catch .refused(.inputRefused(_, let reason)) {
            Console.complain("cannot pass that on: \(reason)")
        } catch .refused(.notRunning) {
            // Its end is on its way.
        }
    }
}
