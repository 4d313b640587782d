import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem

extension Keepctl {
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain",
            abstract: "Say why programs are in their states, and what they wait for."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let explanations = try client.call(Control.Explain(names: names)).explanations
            if global.json { return Console.write(json: explanations) }
            let essay = Essay(now: .now, zone: .local, paint: global.paint)
            for explanation in explanations {
                essay.lines(on: explanation).forEach(Console.write(line:))
            }
        }
    }
}
