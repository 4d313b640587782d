internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// The standard descriptors of one instance, kept over all its runs.
final class Outputs {
    let stdout: Output
    let stderr: Output
    private let stdin: OwnedFD
    /// `nil` where there is nothing to read.
    let input: ProgramInput?
    /// Where the three of them are one.
    let terminal: ProgramTerminal?
    private let plan: Plan

    /// What a program writes into.
    final class Output {
        let descriptor: OwnedFD
        /// `nil` where keepd reads nothing.
        let stream: StreamID?
        let counters = StreamCounters()

        init(_ descriptor: consuming OwnedFD, stream: StreamID?) {
            self.descriptor = descriptor
            self.stream = stream
        }
    }

    init(
        of program: ProgramConfiguration,
        instance: Int,
        logs: LogLoop
    ) throws(Errno) {
        let plan = Plan(program: program, instance: instance, logs: logs)
        self.plan = plan
        if program.hasTerminal {
            let pair = try PseudoTerminal(.standard)
            if let user = program.user.flatMap(Accounts.user) {
                try? pair.terminal.setOwner(user: user.id)
            }
            terminal = ProgramTerminal(try .duplicate(pair.master.raw))
            stdin = try .duplicate(pair.terminal.raw)
            input = ProgramInput(try .duplicate(pair.master.raw))
            stdout = try plan.open(pair)
            stderr = stdout
            return
        }
        terminal = nil
        stdout = try plan.open(program.stdout, .stdout)
        stderr =
            program.stderr == .sameAsStdout ? stdout : try plan.open(program.stderr, .stderr)
        switch program.stdin {
        case .null:
            stdin = try Files.openNull()
            input = nil
        case .pipe:
            let pipe = try Outputs.pipe(for: program)
            stdin = try .duplicate(pipe.reading.raw)
            input = ProgramInput(try .duplicate(pipe.writing.raw))
        }
    }

    /// A pipe that the program's own user may open again by a name such as `/dev/stdout`.
    private static func pipe(for program: ProgramConfiguration) throws(Errno) -> Pipe {
        let pipe = try Pipe()
        if let user = program.user.flatMap(Accounts.user) {
            // Where that is not permitted, becoming that user is not either, and the start says so.
            try? pipe.writing.setOwner(user: user.id)
        }
        return pipe
    }

    /// For ``spawn(_:stdio:)``.
    var stdio: (CInt, CInt, CInt) {
        (stdin.raw, stdout.descriptor.raw, stderr.descriptor.raw)
    }

    /// Whether they are what the program wants for its next run.
    func suit(_ program: ProgramConfiguration, instance: Int) -> Bool {
        let past = plan.program
        return past.hasTerminal == program.hasTerminal && past.stdin == program.stdin
            && past.stdout == program.stdout
            && past.stderr == program.stderr && past.user == program.user
            && past.displayName(of: instance) == program.displayName(of: instance)
    }

    /// Without duplicates.
    var streams: [StreamID] {
        var streams = [stdout.stream, stderr.stream].compactMap(\.self)
        if streams.count == 2, streams[0] == streams[1] { streams.removeLast() }
        return streams
    }

    private struct Plan {
        let program: ProgramConfiguration
        let instance: Int
        let logs: LogLoop

        func open(
            _ output: ProgramConfiguration.Output,
            _ channel: StreamID.Channel
        ) throws(Errno) -> Output {
            switch output {
            case .null:
                return Output(try Files.openNull(), stream: nil)
            case .inherit:
                return Output(try .duplicate(channel == .stdout ? 1 : 2), stream: nil)
            case .console:
                return try open(into: .console(program.displayName(of: instance)), channel)
            case .file(let path):
                return try open(into: .file(path.text(instance: instance)), channel)
            case .sameAsStdout:
                preconditionFailure("only stderr can be the same as stdout")
            }
        }

        /// What is printed on a terminal.
        func open(_ pair: consuming PseudoTerminal) throws(Errno) -> Output {
            let sink: Sink =
                switch program.stdout {
                case .file(let path): .file(path.text(instance: instance))
                case .null, .inherit, .console, .sameAsStdout:
                    .console(program.displayName(of: instance))
                }
            return try pair.split { master, terminal throws(Errno) in
                open(into: sink, .stdout, master, terminal)
            }
        }

        private func open(
            into sink: Sink,
            _ channel: StreamID.Channel
        ) throws(Errno) -> Output {
            try Outputs.pipe(for: program).split { reading, writing in
                open(into: sink, channel, reading, writing)
            }
        }

        private func open(
            into sink: Sink,
            _ channel: StreamID.Channel,
            _ reading: consuming OwnedFD,
            _ writing: consuming OwnedFD
        ) -> Output {
            let id = StreamID(
                instance: InstanceID(program: program.name, number: instance),
                channel: channel
            )
            let output = Output(writing, stream: id)
            logs.open(id, reading: reading, into: sink, counters: output.counters)
            return output
        }
    }
}
