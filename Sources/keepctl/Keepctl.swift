import ArgumentParser
import ControlClient
import ControlProtocol

/// The command line: one sub-command for each thing that can be asked of the daemon.
@main struct Keepctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keepctl",
        abstract: "Control programs that keepd supervises.",
        discussion: """
            NAME is a program, program:instance, a group or group:*, a shell pattern over any of \
            those, or all.

            Exit status: 0 done, 1 keepd or a program said no, 3 not all are running, 4 no such \
            program, 64 wrong usage, 69 no keepd there, 77 not allowed.
            """,
        version: Release.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Program",
                subcommands: [
                    Status.self, Start.self, Stop.self, Restart.self, Reload.self, Signal.self,
                    Send.self, Wait.self, Scale.self, Enable.self, Disable.self,
                ]
            ),
            CommandGroup(
                name: "Observation",
                subcommands: [
                    Explain.self, History.self, Events.self, Tail.self, Logs.self, Rotate.self,
                    Clear.self, Reopen.self, Metrics.self,
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
                    Pid.self, Version.self, Maintail.self, Reexec.self, Shutdown.self,
                ]
            ),
        ]
    )

    @OptionGroup(title: "Global options, before or after the command")
    var global: GlobalOptions

    func run() throws {
        throw ValidationError("Missing command.")
    }

    static func main() {
        carryOut(nil)
    }

    /// Does what the command line says; does not return if that fails.
    ///
    /// - Parameter arguments: `nil` for those of the process.
    static func carryOut(_ arguments: [String]?) {
        do {
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
