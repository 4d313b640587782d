import ControlClient
import ControlProtocol
import LinuxSystem
import SystemPackage
import SystemTypes

/// `keepctl top` on a terminal, from its first look to the key that ends it.
struct TopSession: ~Copyable {
    private static let signals: Set<Signal> = [
        .interrupt, .terminate, .hangUp, .quit, .windowChange,
    ]
    /// The screen that has no history, without the cursor.
    ///
    /// Source: xterm, "DECSET", 1049 and 25.
    private static let enter = "\u{1b}[?1049h\u{1b}[?25l"
    private static let leave = "\u{1b}[?25h\u{1b}[?1049l"

    private var client: Client
    private let names: [String]?
    private let delay: Duration
    private let paint: Paint
    private let signalFD: SignalFD
    private var table = TopTable()
    private var sample: TopSample?
    private var top = 0

    init(
        _ client: consuming Client,
        names: [String]?,
        delay: Duration,
        paint: Paint
    ) throws {
        SignalMask.block(TopSession.signals)
        signalFD = try SignalFD(TopSession.signals)
        self.client = client
        (self.names, self.delay, self.paint) = (names, delay, paint)
    }

    mutating func run() throws {
        // Before the screen changes: what goes wrong here is to be read.
        try look()
        let raw = try RawTerminal(StandardStream.input.rawValue, farewell: TopSession.leave)
        Console.write(Array(TopSession.enter.utf8))
        defer {
            Console.write(Array(TopSession.leave.utf8))
            withExtendedLifetime(raw) {}
        }
        var next = Instant.now + delay
        while true {
            draw()
            let patience = Duration.nanoseconds(max(0, (next - .now).nanoseconds + 999_999))
            let input = StandardStream.input.rawValue
            let ready = try Readiness.wait(for: [input, signalFD.raw], timeout: patience)
            if ready.contains(signalFD.raw), try isEnded() { return }
            if ready.contains(input), try !takeKeys() { return }
            if .now >= next {
                try look()
                next = .now + delay
            }
        }
    }

    private mutating func look() throws(ClientError) {
        let programs = try client.call(Control.Status(names: names)).programs
        let new = TopSample(programs, at: .now, after: sample)
        table.take(new)
        sample = new
    }

    private mutating func draw() {
        let screen = self.screen
        let lines = screen.lines(of: table, from: &top)
        // Each line clears what was there before, which flickers less than to clear all at once.
        let text = lines.joined(separator: "\u{1b}[K\r\n")
        Console.write(Array("\u{1b}[H\(text)\u{1b}[J".utf8))
    }

    private var screen: TopScreen {
        TopScreen(
            explanation: Explanation(now: .now, zone: .local),
            paint: paint,
            size: WindowSize(of: StandardStream.output.rawValue) ?? .standard
        )
    }

    private func isEnded() throws -> Bool {
        while let signal = try signalFD.next() {
            if signal != .windowChange { return true }
        }
        return false
    }

    /// - Returns: Whether to go on.
    private mutating func takeKeys() throws -> Bool {
        let bytes = try StandardStream.input.read(bytesMax: 1_024)
        guard !bytes.isEmpty else { return false }
        for key in Key.keys(in: bytes) {
            guard let action = table.handle(key, page: screen.page) else { continue }
            if action == .quit { return false }
            try carryOut(action)
            try look()
        }
        return true
    }

    private mutating func carryOut(_ action: TopTable.Action) throws {
        do {
            switch action {
            case .quit: break
            case .start(let name):
                _ = try client.call(Control.Start(names: [name], wait: false))
                table.message = "\(name): starting"
            case .stop(let name):
                _ = try client.call(Control.Stop(names: [name], wait: false))
                table.message = "\(name): stopping"
            case .restart(let name):
                _ = try client.call(Control.Restart(names: [name], wait: false))
                table.message = "\(name): restarting"
            }
        } catch .refused(let error) {
            table.message = error.description
        }
    }
}
