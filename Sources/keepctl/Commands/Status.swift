import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem
import SystemTypes

extension Keepctl {
    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Show programs, their states, and why they are in them."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs; all by default.", valueName: "NAME"))
        var names: [String] = []

        func run() throws {
            var client = try global.connect()
            let request = Control.Status(names: names.isEmpty ? nil : names)
            let programs = try client.call(request).programs
            if global.json {
                Console.write(json: programs.sorted { $0.name < $1.name })
            } else {
                let explanation = Explanation(now: .now, zone: .local)
                let table = StatusTable(explanation: explanation, paint: global.paint)
                table.lines(of: programs).forEach(Console.write(line:))
            }
            if programs.contains(where: { $0.state != .running }) {
                throw Verdict.notAllRunning.exitCode
            }
        }
    }
}
