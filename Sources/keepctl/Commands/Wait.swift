import ArgumentParser
import ControlProtocol

extension Keepctl {
    struct Wait: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "wait",
            abstract: "Wait until programs are ready, healthy or stopped.",
            discussion: """
                A program that keepd has given up, or that has ended for good, is a failure at \
                once; one that is stopped is waited for.
                """
        )

        @OptionGroup var global: GlobalOptions

        @Option(
            name: .customLong("for"),
            help: ArgumentHelp("ready (the default), stopped or healthy.", valueName: "state"),
            completion: .list(Control.Wait.Aim.allCases.map(\.rawValue)),
            transform: Wait.parse
        )
        var aim = Control.Wait.Aim.ready

        @Option(
            help: ArgumentHelp("The longest time to wait: 500ms, 1.5s, 2m, 1h.", valueName: "time"),
            transform: Duration.init(parsing:)
        )
        var timeout: Duration?

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        private static func parse(_ text: String) throws -> Control.Wait.Aim {
            guard let aim = Control.Wait.Aim(rawValue: text) else {
                throw ValidationError("cannot use \"\(text)\": not ready, stopped or healthy")
            }
            return aim
        }

        func run() throws {
            let request = Control.Wait(
                names: names,
                for: aim,
                timeoutMilliseconds: timeout?.wholeMilliseconds
            )
            try global.carryOut(request, as: Deed(waitingFor: aim), names: names)
        }
    }
}
