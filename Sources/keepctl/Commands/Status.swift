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

        @Argument(
            help: ArgumentHelp("The programs; all by default.", valueName: "NAME"),
            completion: .names
        )
        var names: [String] = []

        func run() throws {
            var client = try global.connect()
            // The table has nothing of what processes use.
            let request = Control.Status(
                names: names.isEmpty ? nil : names,
                usage: global.json ? nil : false
            )
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
