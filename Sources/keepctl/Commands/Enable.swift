import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable",
            abstract: "Have programs start with keepd from now on.",
            discussion:
                "Whatever the configuration says; it outlives keepd and the machine. Starts nothing now."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: ArgumentHelp("The programs.", valueName: "NAME"),
            completion: .names,
            transform: ProgramName.parse
        )
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.Enable(names: names))
            Console.write(answer, as: "enabled", asJSON: global.json)
        }
    }
}
