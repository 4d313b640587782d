import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Avail: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "avail",
            abstract: "List the programs of the configuration on disk, as supervisorctl.",
            discussion: "Whether each is in use, and whether it starts with keepd."
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var client = try global.connect()
            let plan = try client.call(Control.Diff(unchanged: true)).plan
            let programs = plan.programs.filter { $0.kind != .removed }
            if global.json { return Console.write(json: programs) }
            for program in programs.sorted(by: { $0.program < $1.program }) {
                Console.write(line: Avail.line(of: program))
            }
        }

        /// Without the last column, for programs have no priorities here.
        ///
        /// Source: supervisorctl, `do_avail`.
        static func line(of program: Control.Plan.Program) -> String {
            let name = program.program.printable.padded(to: 32)
            let use = (program.kind == .added ? "avail" : "in use").padded(to: 9)
            return "\(name) \(use) \(program.autostart ? "auto" : "manual")"
        }
    }
}
