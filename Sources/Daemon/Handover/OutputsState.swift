internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// The standard descriptors of an instance, as one daemon hands them to the next.
struct OutputsState: Codable, Sendable {
    var wiring: Wiring
    var stdin: CInt
    var stdout: OutputState
    /// `nil` where it is the same as stdout.
    var stderr: OutputState?
    var input: InputState?
    var terminal: CInt?
}

/// What a program writes into.
struct OutputState: Codable, Sendable {
    var descriptor: CInt
    /// `nil` where keepd reads nothing.
    var reading: CInt?
    var counters = StreamCounters.Numbers()
    var memory = StreamMemory()
}

/// What a program reads.
struct InputState: Codable, Sendable {
    var descriptor: CInt
    /// Taken for the program, and not yet in its pipe.
    var unsent = Blob()
}

extension Outputs {
    /// - Parameter frozen: All of its streams, standing still.
    func state(_ frozen: [StreamID: FrozenStream], _ luggage: Luggage) -> OutputsState {
        OutputsState(
            wiring: wiring,
            stdin: luggage.pack(stdin.raw),
            stdout: stdout.state(frozen, luggage),
            stderr: stderr === stdout ? nil : stderr.state(frozen, luggage),
            input: input?.state(luggage),
            terminal: terminal.map { luggage.pack($0.descriptor) }
        )
    }

    convenience init(_ state: OutputsState, _ luggage: Luggage, logs: LogLoop) throws(Errno) {
        let wiring = state.wiring
        let stdout = try Output(state.stdout, .stdout, wiring, luggage, logs)
        self.init(
            wiring,
            stdin: try luggage.unpack(state.stdin),
            stdout: stdout,
            stderr: try state.stderr.map { (state) throws(Errno) in
                try Output(state, .stderr, wiring, luggage, logs)
            } ?? stdout,
            input: try state.input.map { (state) throws(Errno) in
                ProgramInput(try luggage.unpack(state.descriptor), unsent: state.unsent.bytes)
            },
            terminal: try state.terminal.map { (number) throws(Errno) in
                ProgramTerminal(try luggage.unpack(number))
            }
        )
    }
}

extension Outputs.Output {
    fileprivate func state(
        _ frozen: [StreamID: FrozenStream],
        _ luggage: Luggage
    ) -> OutputState {
        let frozen = stream.flatMap { frozen[$0] }
        return OutputState(
            descriptor: luggage.pack(descriptor.raw),
            reading: frozen.map { luggage.pack($0.reading) },
            counters: counters.numbers,
            memory: frozen?.memory ?? StreamMemory()
        )
    }

    fileprivate convenience init(
        _ state: OutputState,
        _ channel: StreamID.Channel,
        _ wiring: Wiring,
        _ luggage: Luggage,
        _ logs: LogLoop
    ) throws(Errno) {
        let descriptor = try luggage.unpack(state.descriptor)
        let counters = StreamCounters(state.counters)
        guard let reading = state.reading else {
            self.init(descriptor, stream: nil, counters: counters)
            return
        }
        try self.init(
            channel,
            wiring,
            reading: try luggage.unpack(reading),
            writing: descriptor,
            counters: counters,
            memory: state.memory,
            logs
        )
    }
}
