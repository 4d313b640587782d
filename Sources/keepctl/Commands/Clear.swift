import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear",
            abstract: "Empty the logs of programs."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.ClearLog(names: names))
            Console.write(answer, as: "cleared", asJSON: global.json)
        }
    }
}
