import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Reopen: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reopen",
            abstract: "Open all log files again, after they have been moved away."
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var client = try global.connect()
            let answer = try client.call(Control.ReopenLogs())
            if global.json {
                Console.write(json: answer)
            } else {
                Console.write(line: "keepd: log files reopened")
            }
        }
    }
}
