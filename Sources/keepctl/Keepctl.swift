import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem

/// The command line: one sub-command for each thing that can be asked of the daemon.
@main struct Keepctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keepctl",
        abstract: "Control programs that keepd supervises.",
        discussion: """
            NAME is a program, program:instance, a group or group:*, a shell pattern over any of \
            those, or all.

            Without a command, on a terminal: a prompt that takes one command after the other.

            Exit status: 0 done, 1 keepd or a program said no, 3 not all are running, 4 no such \
            program, 64 wrong usage, 69 no keepd there, 77 not allowed.
            """,
        version: Release.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Program",
                subcommands: [
                    Status.self, Start.self, Stop.self, Restart.self, Reload.self, Signal.self,
                    Send.self, Fg.self, Wait.self, Scale.self, Enable.self, Disable.self,
                ]
            ),
            CommandGroup(
                name: "Observation",
                subcommands: [
                    Top.self, Explain.self, History.self, Events.self, Tail.self, Logs.self,
                    Rotate.self, Clear.self, Reopen.self, Metrics.self,
                ]
            ),
            CommandGroup(
                name: "Configuration",
                subcommands: [
                    Diff.self, Apply.self, Reread.self, Update.self, Avail.self, Add.self,
                    Remove.self,
                ]
            ),
            CommandGroup(
                name: "Daemon",
                subcommands: [
                    Pid.self, Version.self, Maintail.self, Reexec.self, Shutdown.self, Bridge.self,
                ]
            ),
        ]
    )

    @OptionGroup(title: "Global options, before or after the command")
    var global: GlobalOptions

    func run() throws {
        guard Files.isTerminal(StandardStream.input.rawValue),
            Files.isTerminal(StandardStream.output.rawValue)
        else { throw ValidationError("Missing command.") }
        try Prompt(global: global).run()
    }

    /// As each of them says: what a name would be made from costs more than all else together.
    static var commandNames: [String] {
        let shown = commands.filter { $0.shouldDisplay }
        return shown.compactMap { $0.commandName } + ["help"]
    }

    /// Also of those that nobody types.
    static var allCommandNames: [String] { commands.compactMap { $0.commandName } }

    private static var commands: [CommandConfiguration] {
        configuration.groupedSubcommands.flatMap(\.subcommands).map { $0.configuration }
    }

    static func main() {
        carryOut(nil)
    }

    /// Does what the command line says; does not return if that fails.
    ///
    /// - Parameter arguments: `nil` for those of the process.
    static func carryOut(_ arguments: [String]?) {
        let words = arguments ?? Array(CommandLine.arguments.dropFirst())
        do {
            if let unknown = UnknownCommand(words) { throw unknown.complaint }
            if let fleet = FleetArguments(words) {
                let status = try Fleet(fleet.hosts, fleet.rest).run()
                ProcessEnvironment.exit(status)
            }
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch let error as ClientError {
            Console.complain(error.description)
            exit(withError: Verdict(error).exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
