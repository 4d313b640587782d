import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Reexec: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reexec",
            abstract: "Have keepd execute its own binary anew, without touching a program."
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.Reexec())
            if global.json {
                Console.write(json: answer)
            } else {
                Console.write(line: "keepd: executed anew")
            }
        }
    }
}
