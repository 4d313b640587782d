import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Events: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "events",
            abstract: "Print what has happened to programs, as far as keepd remembers it.",
            discussion:
                "With --json, one object a line; {\"gap\": 3} stands for 3 that are missing."
        )

        private struct Gap: Encodable {
            let gap: Int
        }

        @OptionGroup var global: GlobalOptions

        @Flag(name: [.customShort("f"), .long], help: "Go on with what will happen.")
        var follow = false

        @Option(help: ArgumentHelp("Only what came after that event.", valueName: "number"))
        var since: UInt?

        @Argument(
            help: ArgumentHelp("The programs; all by default.", valueName: "NAME"),
            completion: .names
        )
        var names: [String] = []

        func run() throws {
            var client = try global.connect()
            let request = Control.Events(
                names: names.isEmpty ? nil : names,
                since: since ?? 0,
                follow: follow
            )
            // That keepd forgets what is long gone is news only to one who has asked for it.
            var isGapNews = since != nil
            let paint = global.paint
            try client.callMore(request) { answer in
                if let gap = answer.gap, isGapNews { tell(of: gap) }
                isGapNews = true
                for event in answer.events {
                    if global.json {
                        Console.write(json: event)
                    } else {
                        Console.write(line: EventLine(event, zone: .local, paint: paint).text)
                    }
                }
            }
        }

        private func tell(of gap: Int) {
            if global.json {
                Console.write(json: Gap(gap: gap))
            } else {
                Console.complain("\(gap) events are missing here")
            }
        }
    }
}
