import ControlClient
import ControlProtocol
import LinuxSystem
import SystemPackage
import SystemTypes

/// A host that the user's own ssh reaches, and keepd's socket there.
///
/// Nothing of ours is on the network: ssh runs `keepctl bridge` on the other host, and what goes
/// over its standard streams is what goes over the socket otherwise.
struct RemoteHost: Equatable {
    /// As ssh takes it: `[user@]host`, or a name of ssh_config(5).
    let name: String
    /// On the other host; `nil` for where its keepctl finds it by itself.
    let socket: String?

    /// - Throws: `.noDaemon` where ssh cannot be started at all. What it cannot reach shows itself
    ///   in the first answer, and ssh says why on standard error.
    func connect() throws(ClientError) -> Client {
        let command = RemoteHost.command
        do {
            let pair = try UnixSocket.Pair()
            let child = try spawn(request(command), stdio: (pair.other.raw, pair.other.raw, 2))
            // It ends with the connection; who waits for it is init, when this process is gone.
            _ = child.process
            return Client(adopting: try .duplicate(pair.one.raw))
        } catch {
            let errno = (error as? SpawnError)?.errno ?? (error as? Errno) ?? .ioError
            throw .noDaemon(
                path: "\(name) (ssh)",
                reason: "cannot start \(command): \(errno.reason)"
            )
        }
    }

    private static var command: String {
        ProcessEnvironment.variables["KEEPD_SSH"].flatMap { $0.isEmpty ? nil : $0 } ?? "ssh"
    }

    private func request(_ command: String) -> SpawnRequest {
        let variables = ProcessEnvironment.variables
        var request = SpawnRequest(
            candidates: SpawnRequest.candidates(
                for: command,
                searchPath: variables["PATH"] ?? "/usr/bin:/bin"
            ),
            arguments: [command] + arguments,
            environment: variables.map { "\($0.key)=\($0.value)" }
        )
        // It asks for passwords on the terminal.
        request.family = .inherited
        return request
    }

    /// For ssh.
    var arguments: [String] {
        let options = socket.map { " -s \(RemoteHost.quoted($0))" } ?? ""
        return ["-T", "--", name, "keepctl\(options) bridge"]
    }

    /// As one word of the shell on the other host, whichever characters it has.
    private static func quoted(_ text: String) -> String {
        "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }
}
