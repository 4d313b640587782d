import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract:
                "Forget stopped programs that are gone from the configuration, as supervisorctl."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            try Membership(verb: "remove", past: "removed").change(names, global) {
                try Remove.reason(against: $0, $1, &$2).map { .init(reason: $0) }
            }
        }

        private static func reason(
            against name: String,
            _ kind: Control.Plan.Program.Kind?,
            _ client: inout Client
        ) throws(ClientError) -> String? {
            switch kind {
            case nil, .added: return "no such program"
            case .changed, .unchanged: return "it is still in the configuration"
            case .removed:
                let instances = try client.call(Control.Status(names: [name], usage: false))
                    .programs
                let rest: [State] = [.stopped, .exited, .fatal]
                return instances.allSatisfy { rest.contains($0.state) } ? nil : "it still runs"
            }
        }
    }
}
