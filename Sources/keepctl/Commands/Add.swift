import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Take in programs that are new in the configuration, as supervisorctl."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            try Membership(verb: "add", past: "added").change(names, global) { _, kind, _ in
                switch kind {
                case .added: nil
                case .changed, .unchanged: .init(reason: "it is there already", isFailure: false)
                case .removed, nil: .init(reason: "no such program in the configuration")
                }
            }
        }
    }
}
