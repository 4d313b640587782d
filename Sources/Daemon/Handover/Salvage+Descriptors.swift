internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// What goes with the processes: their standard descriptors, their sockets, and what they say.
extension Salvage {
    func outputs(_ instance: Instance) -> OutputsState? {
        guard let program = supervisor.program(instance.id.program) else { return nil }
        let wiring = Wiring(program, instance: instance.id.number)
        return wiring.hasTerminal ? terminal(wiring) : pipes(wiring)
    }

    private func terminal(_ wiring: Wiring) -> OutputsState? {
        let id = wiring.instance
        guard let master = kept.take(.terminal(id)),
            let terminal = try? PseudoTerminal.terminal(of: master),
            let stdin = try? OwnedFD.duplicate(terminal.raw),
            let reading = try? OwnedFD.duplicate(master.raw),
            let input = try? OwnedFD.duplicate(master.raw)
        else { return nil }
        return OutputsState(
            wiring: wiring,
            stdin: stdin.release(),
            stdout: OutputState(
                descriptor: terminal.release(),
                reading: reading.release(),
                memory: memory(of: StreamID(instance: id, channel: .stdout))
            ),
            input: InputState(descriptor: input.release()),
            terminal: master.release()
        )
    }

    private func pipes(_ wiring: Wiring) -> OutputsState? {
        guard let stdout = output(.stdout, wiring), let (stdin, input) = input(wiring) else {
            return nil
        }
        var stderr: OutputState?
        if wiring.stderr != .sameAsStdout {
            stderr = output(.stderr, wiring)
            guard stderr != nil else { return nil }
        }
        return OutputsState(
            wiring: wiring,
            stdin: stdin,
            stdout: stdout,
            stderr: stderr,
            input: input
        )
    }

    private func output(_ channel: StreamID.Channel, _ wiring: Wiring) -> OutputState? {
        let id = StreamID(instance: wiring.instance, channel: channel)
        switch channel == .stdout ? wiring.stdout : wiring.stderr {
        case .null: return nullDevice.map { OutputState(descriptor: $0) }
        case .inherit:
            guard let own = try? OwnedFD.duplicate(channel == .stdout ? 1 : 2) else { return nil }
            return OutputState(descriptor: own.release())
        case .console, .file:
            guard let writing = take(.output(id, .writing)),
                let reading = take(.output(id, .reading))
            else { return nil }
            return OutputState(descriptor: writing, reading: reading, memory: memory(of: id))
        case .sameAsStdout: return nil
        }
    }

    private func memory(of id: StreamID) -> StreamMemory {
        var memory = StreamMemory()
        if let file = kept.take(.backlog(id)), let rest = try? Backlog.rest(in: file) {
            memory.backlog = Blob(rest)
        }
        return memory
    }

    private var nullDevice: CInt? {
        guard let null = try? Files.openNull() else { return nil }
        return null.release()
    }

    private func input(_ wiring: Wiring) -> (CInt, InputState?)? {
        switch wiring.stdin {
        case .null: return nullDevice.map { ($0, nil) }
        case .pipe:
            guard let reading = take(.input(wiring.instance, .reading)),
                let writing = take(.input(wiring.instance, .writing))
            else { return nil }
            return (reading, InputState(descriptor: writing))
        }
    }

    func attendants(_ before: AttendantsState) -> AttendantsState {
        var attendants = AttendantsState()
        for name in kept.names {
            switch name {
            case .socket(let program, let instance, let socket):
                let configured = supervisor.program(program)?.sockets.first { $0.name == socket }
                guard let configured, let descriptor = take(name) else { continue }
                attendants.sockets.append(
                    SocketState(
                        program: program,
                        instance: instance,
                        configured: configured,
                        descriptor: descriptor
                    )
                )
            case .ready(let id):
                guard let descriptor = take(name) else { continue }
                attendants.readyPipes.append(ReadyPipeState(instance: id, descriptor: descriptor))
            case .control, .ledger, .state, .notify, .process, .input, .output, .backlog, .terminal:
                break
            }
        }
        if var notify = before.notify, let descriptor = take(.notify) {
            notify.descriptor = descriptor
            attendants.notify = notify
        }
        return attendants
    }
}
