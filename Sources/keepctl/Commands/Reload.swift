import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Reload: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reload",
            abstract: "Tell programs to read their own configuration again.",
            discussion:
                "Sends the signal of the key reloadSignal, HUP by default, to the main process of each."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.Reload(names: names))
            Console.write(answer, as: "reloading", asJSON: global.json)
        }
    }
}
