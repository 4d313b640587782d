import ArgumentParser
import ControlProtocol

extension Keepctl {
    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stop",
            abstract: "Stop programs, and everything they have started."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var patience: Patience

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            let order = Control.Stop(
                names: names,
                wait: !patience.isNotWaiting,
                timeoutMilliseconds: patience.timeoutMilliseconds
            )
            try global.carryOut(order, as: .stop, names: names, isWaiting: !patience.isNotWaiting)
        }
    }
}
