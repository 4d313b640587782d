import ArgumentParser
import CLineEditor
import ControlClient
import ControlProtocol
import LinuxSystem
import SystemPackage
import SystemTypes

/// `keepctl` without a command: lines that are commands, one after the other.
struct Prompt {
    private static let ends = ["exit", "quit"]

    let global: GlobalOptions

    func run() throws {
        var client = try global.connect()
        let version = try client.call(Control.Version())
        Console.write(line: "keepd \(version.version); help lists the commands, Tab completes")
        let completion = PromptCompletion(
            commands: Keepctl.commandNames + Prompt.ends,
            names: names,
            signals: SystemTypes.Signal.names
        )
        let editor = LineEditor(
            prompt: "keepd> ",
            history: history,
            complete: completion.answer
        )
        guard let editor else {
            Console.complain("cannot edit lines on this terminal")
            throw Verdict.refused.exitCode
        }
        clineeditor_ignore_interrupts()
        while let line = editor.read() {
            let typed = TypedLine(line)
            guard let first = typed.words.first else { continue }
            editor.remember(line)
            if Prompt.ends.contains(first) { return }
            if typed.isOpen {
                Console.complain("cannot read that: a quote has no end")
            } else {
                try carryOut(typed.words)
            }
        }
        // Where the end of the input has left the cursor behind the prompt.
        Console.write(line: "")
    }

    /// In a process of its own: whatever a command does with the terminal and with signals, it does
    /// not do here, and Ctrl-C ends the command alone.
    private func carryOut(_ words: [String]) throws {
        do {
            let child = try spawn(.keepctl(global.arguments + words), stdio: (0, 1, 2))
            let pidfd = child.takePidFD()
            _ = try Readiness.wait(for: [pidfd.raw])
            _ = try pidfd.reap()
        } catch let error as SpawnError {
            Console.complain("cannot start keepctl: \(error.errno.reason)")
        }
    }

    private func names() -> [String] {
        guard var client = try? global.connect() else { return [] }
        return (try? client.call(Control.ListNames()).names) ?? []
    }

    /// Of this user, kept from one prompt to the next.
    ///
    /// Source: XDG Base Directory Specification 0.8, `XDG_STATE_HOME`.
    private var history: String? {
        let variables = ProcessEnvironment.variables
        func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = value("XDG_STATE_HOME") ?? value("HOME").map { "\($0)/.local/state" }
        guard let home else { return nil }
        do {
            try Files.makeDirectories("\(home)/keepd", mode: 0o700)
        } catch {
            return nil
        }
        return "\(home)/keepd/keepctl.history"
    }
}
