import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Shutdown: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "shutdown",
            abstract: "Stop all programs, and keepd."
        )

        @OptionGroup var global: GlobalOptions

        @Flag(name: .customLong("no-wait"), help: "Do not wait until it is done.")
        var isNotWaiting = false

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.Shutdown())
            if !isNotWaiting { client.waitForEnd() }
            if global.json {
                Console.write(json: answer)
            } else {
                Console.write(line: isNotWaiting ? "keepd: shutting down" : "keepd: shut down")
            }
        }
    }
}
