internal import LinuxSystem
internal import Supervision
internal import Synchronization
internal import SystemPackage
internal import SystemTypes

/// The standard descriptors of one instance, kept over all its runs.
final class Outputs {
    let stdout: Output
    let stderr: Output
    let stdin: OwnedFD
    /// `nil` where there is nothing to read.
    let input: ProgramInput?
    /// Where the three of them are one.
    let terminal: ProgramTerminal?
    let wiring: Wiring

    /// What a program writes into.
    final class Output {
        let descriptor: OwnedFD
        /// `nil` where keepd reads nothing.
        let stream: StreamID?
        let counters: StreamCounters
        /// How many bytes came before the last run began.
        fileprivate(set) var bytesBeforeRun: Int

        init(
            _ descriptor: consuming OwnedFD,
            stream: StreamID?,
            counters: StreamCounters = StreamCounters()
        ) {
            self.descriptor = descriptor
            self.stream = stream
            self.counters = counters
            bytesBeforeRun = counters.numbers.bytes
        }
    }

    /// - Parameter store: Keeps what is needed to go on with them in another process.
    init(_ wiring: Wiring, logs: LogLoop, store: (any DescriptorStore)?) throws(Errno) {
        self.wiring = wiring
        let id = wiring.instance
        if wiring.hasTerminal {
            let pair = try PseudoTerminal(.standard)
            if let user = wiring.user.flatMap(Accounts.user) {
                try? pair.terminal.setOwner(user: user.id, group: nil)
            }
            terminal = ProgramTerminal(try .duplicate(pair.master.raw))
            store?.keep(pair.master.raw, as: .terminal(id))
            stdin = try .duplicate(pair.terminal.raw)
            input = ProgramInput(try .duplicate(pair.master.raw))
            stdout = try pair.split { (master, terminal) throws(Errno) in
                try Output(.stdout, wiring, reading: master, writing: terminal, logs)
            }
            stderr = stdout
            return
        }
        terminal = nil
        stdout = try Output(.stdout, wiring, logs, store)
        stderr =
            wiring.stderr == .sameAsStdout ? stdout : try Output(.stderr, wiring, logs, store)
        switch wiring.stdin {
        case .null:
            stdin = try Files.openNull()
            input = nil
        case .pipe:
            let pipe = try Pipe(for: wiring)
            store?.keep(pipe.reading.raw, as: .input(id, .reading))
            store?.keep(pipe.writing.raw, as: .input(id, .writing))
            stdin = try .duplicate(pipe.reading.raw)
            input = ProgramInput(try .duplicate(pipe.writing.raw))
        }
    }

    /// Goes on with what another daemon has left.
    init(
        _ wiring: Wiring,
        stdin: consuming OwnedFD,
        stdout: Output,
        stderr: Output,
        input: ProgramInput?,
        terminal: ProgramTerminal?
    ) {
        self.wiring = wiring
        self.stdin = stdin
        (self.stdout, self.stderr) = (stdout, stderr)
        (self.input, self.terminal) = (input, terminal)
    }

    /// What a store may have of those of an instance.
    static func names(of id: InstanceID) -> [DescriptorName] {
        let streams = StreamID.Channel.allCases.map { StreamID(instance: id, channel: $0) }
        return [DescriptorName.terminal(id)] + streams.map { .backlog($0) }
            + [.reading, .writing].flatMap { end in
                [.input(id, end)] + streams.map { .output($0, end) }
            }
    }

    /// A run begins, of which nothing has been written.
    func beginRun() {
        for output in [stdout, stderr] { output.bytesBeforeRun = output.counters.numbers.bytes }
    }

    /// The streams, each with how many bytes came before the last run began.
    var streamsOfRun: [(stream: StreamID, start: Int)] {
        streams.map { stream in
            (stream, (stream.channel == .stdout ? stdout : stderr).bytesBeforeRun)
        }
    }

    /// Whose output comes from now on; `nil` when a run is over.
    func note(_ process: ProcessID?) {
        for output in [stdout, stderr] {
            output.counters.process.store(process?.rawValue ?? 0, ordering: .relaxed)
        }
    }

    /// For ``spawn(_:stdio:)``.
    var stdio: (CInt, CInt, CInt) {
        (stdin.raw, stdout.descriptor.raw, stderr.descriptor.raw)
    }

    /// The streams, each with how it is kept from now on.
    func policies(in program: ProgramConfiguration) -> [(StreamID, LogPolicy)] {
        let both = [(stdout, program.stdoutLog), (stderr, program.stderrLog)]
        return both.prefix(stdout === stderr ? 1 : 2).compactMap { output, policy in
            output.stream.map { ($0, policy) }
        }
    }

    /// Without duplicates.
    var streams: [StreamID] {
        var streams = [stdout.stream, stderr.stream].compactMap(\.self)
        if streams.count == 2, streams[0] == streams[1] { streams.removeLast() }
        return streams
    }
}

extension Outputs.Output {
    fileprivate convenience init(
        _ channel: StreamID.Channel,
        _ wiring: Wiring,
        _ logs: LogLoop,
        _ store: (any DescriptorStore)?
    ) throws(Errno) {
        switch channel == .stdout ? wiring.stdout : wiring.stderr {
        case .null:
            self.init(try Files.openNull(), stream: nil)
        case .inherit:
            self.init(try .duplicate(channel == .stdout ? 1 : 2), stream: nil)
        case .console, .file:
            let pipe = try Pipe(for: wiring)
            let id = StreamID(instance: wiring.instance, channel: channel)
            store?.keep(pipe.reading.raw, as: .output(id, .reading))
            store?.keep(pipe.writing.raw, as: .output(id, .writing))
            let reading = try OwnedFD.duplicate(pipe.reading.raw)
            let writing = try OwnedFD.duplicate(pipe.writing.raw)
            try self.init(channel, wiring, reading: reading, writing: writing, logs)
        case .sameAsStdout:
            preconditionFailure("only stderr can be the same as stdout")
        }
    }

    /// - Parameter memory: What another daemon had in mind of the stream.
    convenience init(
        _ channel: StreamID.Channel,
        _ wiring: Wiring,
        reading: consuming OwnedFD,
        writing: consuming OwnedFD,
        counters: StreamCounters = StreamCounters(),
        memory: StreamMemory? = nil,
        _ logs: LogLoop
    ) throws(Errno) {
        let id = StreamID(instance: wiring.instance, channel: channel)
        guard let sink = wiring.sink(for: id, logs) else {
            preconditionFailure("\(id) is not read")
        }
        self.init(writing, stream: id, counters: counters)
        try logs.open(id, reading: reading, into: sink, counters: counters, memory: memory)
    }
}

extension Wiring {
    /// Under systemd the journal takes the place of the console; elsewhere it may have it as well.
    fileprivate func sink(for id: StreamID, _ logs: LogLoop) -> Sink? {
        guard var target = target(id.channel) else { return nil }
        let policy = id.channel == .stdout ? stdoutLog : stderrLog
        var wantsJournal = policy.journal ?? false
        if case .console = target, logs.isUnderJournal, policy.journal ?? true {
            (target, wantsJournal) = (.journal, true)
        }
        let name = JournalName(id: id, identifier: self.name)
        return Sink(target: target, policy: policy, journal: wantsJournal ? name : nil)
    }
}

extension Pipe {
    /// One that the program's own user may open again by a name such as `/dev/stdout`.
    fileprivate init(for wiring: Wiring) throws(Errno) {
        try self.init()
        if let user = wiring.user.flatMap(Accounts.user) {
            // Where that is not permitted, becoming that user is not either, and the start says so.
            try? writing.setOwner(user: user.id, group: nil)
        }
    }
}
