import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Apply the configuration on disk, and tell of it as supervisorctl.",
            discussion: "A program whose changes do not ask for it is not stopped."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: ArgumentHelp("The programs; all by default.", valueName: "NAME"),
            completion: .names
        )
        var names: [String] = []

        func run() throws {
            var client = try global.connect()
            let all = names.isEmpty || names.contains("all")
            let request = Control.Apply(names: all ? nil : names)
            let application = try Application(of: request, by: &client, global) { outcome, deed in
                if outcome.failed != nil, !global.json { deed.tell(outcome, isDone: true) }
            }
            if global.json {
                Console.write(json: application)
            } else {
                Update.lines(of: application.plan?.programs ?? []).forEach(Console.write(line:))
            }
            try application.check()
        }

        /// In the order in which supervisorctl does it.
        ///
        /// Source: supervisorctl, `do_update`.
        static func lines(of programs: [Control.Plan.Program]) -> [String] {
            let kinds: [Control.Plan.Program.Kind] = [.removed, .changed, .added]
            return kinds.flatMap { kind in programs.filter { $0.kind == kind } }.flatMap {
                program in
                let name = program.program.printable
                let wasStopped = program.kind != .added && program.class >= .restart
                let last: String? =
                    switch program.kind {
                    case .removed: "\(name): removed process group"
                    case .changed: "\(name): updated process group"
                    case .added: "\(name): added process group"
                    case .unchanged: nil
                    }
                return [wasStopped ? "\(name): stopped" : nil, last].compactMap(\.self)
            }
        }
    }
}
