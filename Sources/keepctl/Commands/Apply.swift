import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply",
            abstract: "Make programs what the configuration on disk says.",
            discussion: "A program that has not changed is not touched; see keepctl diff."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var patience: Patience

        @Option(
            help: ArgumentHelp("Only if that is the plan, as diff shows it.", valueName: "hash")
        )
        var ifPlan: String?

        @Argument(
            help: ArgumentHelp("The programs; all by default.", valueName: "NAME"),
            completion: .names
        )
        var names: [String] = []

        func run() throws {
            let request = Control.Apply(
                names: names.isEmpty ? nil : names,
                ifPlan: ifPlan,
                wait: !patience.isNotWaiting,
                timeoutMilliseconds: patience.timeoutMilliseconds
            )
            var client = try global.connect()
            let application = try Application(of: request, by: &client, global) { outcome, deed in
                guard !global.json else { return }
                deed.tell(outcome, isDone: !patience.isNotWaiting)
            }
            if global.json {
                Console.write(json: application)
            } else if application.outcomes.isEmpty {
                let lines = application.plan.map(PlanText.headings) ?? []
                for line in lines.isEmpty ? ["nothing to do"] : lines {
                    Console.write(line: line)
                }
            }
            try application.check()
        }
    }
}
