import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "Have programs not start with keepd any more.",
            discussion:
                "Whatever the configuration says; it outlives keepd and the machine. Stops nothing now."
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
            let answer = try client.call(Control.Disable(names: names))
            Console.write(answer, as: "disabled", asJSON: global.json)
        }
    }
}
