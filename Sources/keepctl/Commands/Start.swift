import ArgumentParser
import ControlProtocol

extension Keepctl {
    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "start",
            abstract: "Start programs, and those that they need."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var patience: Patience

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            let order = Control.Start(
                names: names,
                wait: !patience.isNotWaiting,
                timeoutMilliseconds: patience.timeoutMilliseconds
            )
            try global.carryOut(order, as: .start, names: names, isWaiting: !patience.isNotWaiting)
        }
    }
}
