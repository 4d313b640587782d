import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem

/// What can be said before and after every command.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The socket of keepd.",
            discussion: "Else $KEEPD_SOCKET, else where keepd of the same user has it.",
            valueName: "path"
        )
    )
    var socket: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: ArgumentHelp("When to use colours.", valueName: "when"))
    var color = ColorChoice.auto

    func connect() throws(ClientError) -> Client {
        let standard = SocketPath.forClient(
            user: Accounts.effectiveUser,
            environment: ProcessEnvironment.variables
        )
        return try Client(path: socket ?? standard)
    }

    var paint: Paint {
        let isColored = color.isColored(
            onTerminal: Files.isTerminal(StandardStream.output.rawValue),
            environment: ProcessEnvironment.variables
        )
        return Paint(isOn: isColored)
    }
}
