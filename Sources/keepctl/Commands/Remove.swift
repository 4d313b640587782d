import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Forget stopped programs that are gone from the configuration, as supervisorctl."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"))
        var names: [String]

        func run() throws {
            var client = try global.connect()
            let known = try client.call(Control.Diff(unchanged: true)).plan.programs
            var applications: [Application] = []
            var areAllGone = true
            for name in names {
                if let reason = try Remove.objection(to: name, known, &client) {
                    areAllGone = false
                    Console.complain("cannot remove \(name): \(reason)")
                    continue
                }
                let request = Control.Apply(names: [name])
                applications.append(try Application(of: request, by: &client))
                if !global.json { Console.write(line: "\(name): removed process group") }
            }
            if global.json { Console.write(json: applications) }
            for application in applications { try application.check() }
            if !areAllGone { throw Verdict.refused.exitCode }
        }

        private static func objection(
            to name: String,
            _ known: [Control.Plan.Program],
            _ client: inout Client
        ) throws(ClientError) -> String? {
            switch known.first(where: { $0.program == name })?.kind {
            case nil, .added: return "no such program"
            case .changed, .unchanged: return "it is still in the configuration"
            case .removed:
                let instances = try client.call(Control.Status(names: [name])).programs
                let rest: [State] = [.stopped, .exited, .fatal]
                return instances.allSatisfy { rest.contains($0.state) } ? nil : "it still runs"
            }
        }
    }
}
