import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Version: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "version",
            abstract: "Print the version of the keepd that runs."
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.Version())
            if global.json {
                Console.write(json: answer)
            } else {
                Console.write(line: answer.version)
            }
        }
    }
}
