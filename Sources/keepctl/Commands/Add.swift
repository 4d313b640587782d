import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in programs that are new in the configuration, as supervisorctl."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"))
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let known = try client.call(Control.Diff(unchanged: true)).plan.programs
            var applications: [Application] = []
            var areAllThere = true
            for name in names {
                switch known.first(where: { $0.program == name })?.kind {
                case .added:
                    let request = Control.Apply(names: [name])
                    applications.append(try Application(of: request, by: &client))
                    if !global.json { Console.write(line: "\(name): added process group") }
                case .changed, .unchanged:
                    Console.complain("cannot add \(name): it is there already")
                case .removed, nil:
                    areAllThere = false
                    Console.complain("cannot add \(name): no such program in the configuration")
                }
            }
            if global.json { Console.write(json: applications) }
            for application in applications { try application.check() }
            if !areAllThere { throw Verdict.refused.exitCode }
        }
    }
}
