import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem
import SystemTypes

extension Keepctl {
    struct Maintail: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "maintail",
            abstract: "Print the end of what keepd itself has logged."
        )

        @OptionGroup var global: GlobalOptions

        @Flag(name: [.customShort("f"), .long], help: "Go on with what it logs from now on.")
        var follow = false

        @Option(
            name: [.customShort("n", allowingJoined: true), .long],
            help: ArgumentHelp("How many lines; 10 by default.", valueName: "lines")
        )
        var lines: UInt?

        func run() throws {
            var client = try global.connect()
            let request = Control.DaemonLog(lines: lines, follow: follow)
            try client.callMore(request) { answer in
                if let gap = answer.gap { Console.complain("\(gap) lines are missing here") }
                for line in answer.lines {
                    if global.json {
                        Console.write(json: line)
                    } else {
                        Console.write(line: Maintail.text(of: line))
                    }
                }
            }
        }

        private static func text(of line: Control.DaemonLog.Line) -> String {
            let time = WallTime(rfc3339: line.at)?.text(in: .local) ?? line.at.printable
            return "\(time)  \(line.level.printable.padded(to: 8)) \(line.message.printable)"
        }
    }
}
