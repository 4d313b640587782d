import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem

extension Keepctl {
    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "history",
            abstract: "Show the last starts and ends of programs, with causes and who asked."
        )

        @OptionGroup var global: GlobalOptions

        @Option(
            name: [.customShort("n", allowingJoined: true), .long],
            help: ArgumentHelp("How many of each; 10 by default.", valueName: "count")
        )
        var count: UInt?

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"), completion: .names)
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let runs = try client.call(Control.History(names: names, count: count)).runs
            if global.json { return Console.write(json: runs) }
            RunTable(now: .now, zone: .local).lines(of: runs).forEach(Console.write(line:))
        }
    }
}
