import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff",
            abstract: "Show what the configuration on disk would change.",
            discussion: """
                Key by key, with what it takes: none (nothing), live (at once), restart or replace. \
                Changes nothing.
                """
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var client = try global.connect()
            let plan = try client.call(Control.Diff()).plan
            if global.json {
                Console.write(json: plan)
            } else {
                PlanText.lines(of: plan).forEach(Console.write(line:))
            }
        }
    }
}
