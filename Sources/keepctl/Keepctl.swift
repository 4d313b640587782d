import ArgumentParser
import ControlClient

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
        subcommands: [
            Status.self, Start.self, Stop.self, Restart.self, Signal.self, Tail.self, Clear.self,
            Reopen.self, Pid.self, Version.self, Shutdown.self,
        ]
    )

    @OptionGroup(title: "Global options, before or after the command")
    var global: GlobalOptions

    func run() throws {
        throw ValidationError("Missing command.")
    }

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ClientError {
            Console.complain(error.description)
            exit(withError: Verdict(error).exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
