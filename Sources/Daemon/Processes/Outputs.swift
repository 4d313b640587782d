internal import LinuxSystem
internal import Supervision
internal import Synchronization
internal import SystemPackage
internal import SystemTypes

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
                try? pair.terminal.setOwner(user: user.id, group: nil)
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
            try? pipe.writing.setOwner(user: user.id, group: nil)
        }
        return pipe
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

    /// Whether they are what the program wants for its next run.
    func suit(_ program: ProgramConfiguration, instance: Int) -> Bool {
        let past = plan.program
        return past.hasTerminal == program.hasTerminal && past.stdin == program.stdin
            && past.stdout == program.stdout
            && past.stderr == program.stderr && past.user == program.user
            && past.stdoutLog.suits(program.stdoutLog) && past.stderrLog.suits(program.stderrLog)
            && past.displayName(of: instance) == program.displayName(of: instance)
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
                return try open(.console(program.displayName(of: instance)), channel)
            case .file(let path):
                return try open(.file(path.text(instance: instance)), channel)
            case .sameAsStdout:
                preconditionFailure("only stderr can be the same as stdout")
            }
        }

        /// What is printed on a terminal.
        func open(_ pair: consuming PseudoTerminal) throws(Errno) -> Output {
            let target: Sink.Target =
                switch program.stdout {
                case .file(let path): .file(path.text(instance: instance))
                case .null, .inherit, .console, .sameAsStdout:
                    .console(program.displayName(of: instance))
                }
            return try pair.split { (master, terminal) throws(Errno) in
                try open(target, .stdout, master, terminal)
            }
        }

        private func open(
            _ target: Sink.Target,
            _ channel: StreamID.Channel
        ) throws(Errno) -> Output {
            try Outputs.pipe(for: program).split { (reading, writing) throws(Errno) in
                try open(target, channel, reading, writing)
            }
        }

        private func open(
            _ target: Sink.Target,
            _ channel: StreamID.Channel,
            _ reading: consuming OwnedFD,
            _ writing: consuming OwnedFD
        ) throws(Errno) -> Output {
            let id = StreamID(
                instance: InstanceID(program: program.name, number: instance),
                channel: channel
            )
            let output = Output(writing, stream: id)
            try logs.open(id, reading: reading, into: sink(target, id), counters: output.counters)
            return output
        }

        /// Under systemd the journal takes the place of the console.
        private func sink(_ target: Sink.Target, _ id: StreamID) -> Sink {
            let policy = id.channel == .stdout ? program.stdoutLog : program.stderrLog
            var (target, wantsJournal) = (target, policy.journal ?? false)
            if case .console = target, policy.journal ?? logs.isUnderJournal {
                (target, wantsJournal) = (.journal, true)
            }
            let name = JournalName(id: id, identifier: program.displayName(of: instance))
            return Sink(target: target, policy: policy, journal: wantsJournal ? name : nil)
        }
    }
}

extension LogPolicy {
    /// Whether one can take over from another while both ends of the pipe stay where they are.
    fileprivate func suits(_ other: LogPolicy) -> Bool {
        onFull == other.onFull && journal == other.journal
    }
}
