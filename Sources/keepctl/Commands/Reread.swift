import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Reread: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reread",
            abstract: "Say which programs the configuration on disk has changed, as supervisorctl.",
            discussion: "Changes nothing; keepctl diff says more."
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var client = try global.connect()
            let plan = try client.call(Control.Diff()).plan
            if global.json { return Console.write(json: plan) }
            let lines = plan.programs.compactMap(Reread.line).sorted()
            if lines.isEmpty {
                Console.write(line: "No config updates to processes")
            } else {
                lines.forEach(Console.write(line:))
            }
        }

        /// Source: supervisorctl, `do_reread`.
        private static func line(of program: Control.Plan.Program) -> String? {
            let name = program.program.printable
            return switch program.kind {
            case .added: "\(name): available"
            case .changed: "\(name): changed"
            case .removed: "\(name): disappeared"
            case .unchanged: nil
            }
        }
    }
}
