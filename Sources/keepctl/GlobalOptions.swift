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
        ),
        completion: .file()
    )
    var socket: String?

    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp(
            "The hosts of keepd, reached by ssh.",
            discussion: "Each as user@host, or a name that ssh knows; several with commas between.",
            valueName: "host"
        ),
        transform: GlobalOptions.oneHost
    )
    var host: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: ArgumentHelp("When to use colours.", valueName: "when"))
    var color = ColorChoice.auto

    /// Where there are several, ``FleetArguments`` has taken them out before.
    private static func oneHost(_ text: String) throws -> String {
        let hosts = FleetArguments.list(text)
        guard hosts.count == 1 else { throw ValidationError("cannot use \"\(text)\": not a host") }
        return hosts[0]
    }

    /// What says the same to another keepctl.
    var arguments: [String] {
        let path = socket.map { ["--socket", $0] } ?? []
        return path + (host.map { ["--host", $0] } ?? []) + (json ? ["--json"] : []) + [
            "--color", color.rawValue,
        ]
    }

    func connect() throws(ClientError) -> Client {
        guard let host else { return try Client(path: socketPath) }
        return try RemoteHost(name: host, socket: socket).connect()
    }

    /// On this host.
    var socketPath: String {
        let standard = SocketPath.forClient(
            user: Accounts.effectiveUser,
            environment: ProcessEnvironment.variables
        )
        return socket ?? standard
    }

    var paint: Paint {
        let isColored = color.isColored(
            onTerminal: Files.isTerminal(StandardStream.output.rawValue),
            environment: ProcessEnvironment.variables
        )
        return Paint(isOn: isColored)
    }
}
