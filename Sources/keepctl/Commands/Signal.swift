import ArgumentParser
import ControlClient
import ControlProtocol
import SystemTypes

extension Keepctl {
    struct Signal: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "signal",
            abstract: "Send a signal to the main process of programs."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: ArgumentHelp("The signal: HUP, SIGHUP or 1.", valueName: "SIG"),
            completion: .list(SystemTypes.Signal.names),
            transform: Signal.parse
        )
        var signal: SystemTypes.Signal

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let request = Control.Signal(names: names, signal: signal.description)
            Console.write(try client.call(request), as: "signalled", asJSON: global.json)
        }

        private static func parse(_ text: String) throws -> SystemTypes.Signal {
            guard let signal = SystemTypes.Signal(name: text) else {
                throw ValidationError("cannot use \"\(text)\": no such signal")
            }
            return signal
        }
    }
}
