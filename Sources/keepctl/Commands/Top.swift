import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem
import SystemTypes

extension Keepctl {
    struct Top: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "top",
            abstract: "Show all programs and what they use, again and again.",
            discussion: """
                Keys: up and down choose a program; s, x and r start, stop and restart it; / shows \
                only those whose name or state has a text; o changes the order; q ends.
                """
        )

        @OptionGroup var global: GlobalOptions

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("Between two looks: 500ms, 2s; 1s by default.", valueName: "time"),
            transform: Duration.init(parsing:)
        )
        var delay = Duration.seconds(1)

        @Argument(
            help: ArgumentHelp("The programs; all by default.", valueName: "NAME"),
            completion: .names
        )
        var names: [String] = []

        func validate() throws {
            guard delay >= .milliseconds(10) else {
                throw ValidationError("cannot look more often than every 10ms")
            }
        }

        func run() throws {
            guard Files.isTerminal(StandardStream.input.rawValue),
                Files.isTerminal(StandardStream.output.rawValue)
            else {
                Console.complain("cannot show top: not a terminal (see keepctl status)")
                throw Verdict.refused.exitCode
            }
            var session = try TopSession(
                try global.connect(),
                names: names.isEmpty ? nil : names,
                delay: delay,
                paint: global.paint
            )
            try session.run()
        }
    }
}
