import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Pid: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pid",
            abstract: "Print the process of keepd, or of programs.",
            discussion: "It is 0 (with --json: null) for a program that has none."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: ArgumentHelp("The programs; none for keepd.", valueName: "NAME"),
            completion: .names
        )
        var names: [String] = []

        func run() throws {
            var client = try global.connect()
            guard !names.isEmpty else {
                let pid = try client.call(Control.Version()).pid
                if global.json { Console.write(json: pid) } else { Console.write(line: "\(pid)") }
                return
            }
            let pids = try client.call(Control.Status(names: names, usage: false)).programs.map(
                \.pid
            )
            if global.json {
                Console.write(json: pids)
            } else {
                pids.forEach { Console.write(line: "\($0 ?? 0)") }
            }
            if pids.contains(nil) { throw Verdict.notAllRunning.exitCode }
        }
    }
}
