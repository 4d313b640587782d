import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Metrics: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "metrics",
            abstract: "Print numbers about keepd and its programs, for OpenMetrics."
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.Metrics())
            if global.json {
                Console.write(json: answer)
            } else {
                Console.write(Array(answer.text.utf8))
            }
        }
    }
}
