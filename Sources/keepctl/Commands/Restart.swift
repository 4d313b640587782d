import ArgumentParser
import ControlProtocol

extension Keepctl {
    struct Restart: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restart",
            abstract: "Stop programs and start them again.",
            discussion: "Programs that need them run on meanwhile."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var patience: Patience

        @Flag(
            name: .customLong("rolling"),
            help: "One instance after the other, each when the one before it is ready."
        )
        var isRolling = false

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            let order = Control.Restart(
                names: names,
                wait: !patience.isNotWaiting,
                timeoutMilliseconds: patience.timeoutMilliseconds,
                rolling: isRolling ? true : nil
            )
            try global.carryOut(
                order,
                as: .restart,
                names: names,
                isWaiting: !patience.isNotWaiting
            )
        }
    }
}
