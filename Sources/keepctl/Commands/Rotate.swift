import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Begin new log files, as if the present ones were full."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.RotateLogs(names: names))
            Console.write(answer, as: "rotated", asJSON: global.json)
        }
    }
}
