import ArgumentParser
import ControlProtocol

extension Keepctl {
    struct Scale: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scale",
            abstract: "Change how many instances of programs there are.",
            discussion: "Those that stay are not touched. It lasts until the configuration changes."
        )

        /// One program and a number, as `web=4`.
        struct Share: Equatable {
            let program: String
            let count: UInt
        }

        @OptionGroup var global: GlobalOptions
        @OptionGroup var patience: Patience

        @Argument(
            help: ArgumentHelp("As web=4.", valueName: "NAME=N"),
            transform: Scale.parse
        )
        var shares: [Share]

        private static func parse(_ text: String) throws -> Share {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let count = UInt(parts[1]) else {
                throw ValidationError("cannot use \"\(text)\": not like web=4")
            }
            let range = Control.Scale.countRange
            guard range.contains(count) else {
                let limits = "\(range.lowerBound) to \(range.upperBound)"
                throw ValidationError("cannot use \"\(text)\": a program has \(limits) instances")
            }
            return Share(program: String(parts[0]), count: count)
        }

        func validate() throws {
            let programs = shares.map(\.program)
            guard Set(programs).count == programs.count else {
                throw ValidationError("cannot scale a program to two numbers at once")
            }
        }

        func run() throws {
            let request = Control.Scale(
                instances: Dictionary(uniqueKeysWithValues: shares.map { ($0.program, $0.count) }),
                wait: !patience.isNotWaiting,
                timeoutMilliseconds: patience.timeoutMilliseconds
            )
            try global.carryOut(
                request,
                as: .scale,
                names: shares.map(\.program),
                isWaiting: !patience.isNotWaiting
            )
        }
    }
}
