import ControlClient
import ControlProtocol

/// Takes programs in or lets them go, one after the other, as supervisorctl does.
struct Membership {
    /// Why it is not done for one of them.
    struct Objection {
        let reason: String
        /// Whether the command has not done what it was asked for.
        var isFailure = true
    }

    let verb: String
    let past: String

    /// - Parameter objection: Is given what the configuration on disk makes of a program.
    func change(
        _ names: [String],
        _ global: GlobalOptions,
        objection: (String, Control.Plan.Program.Kind?, inout Client) throws -> Objection?
    ) throws {
        var client = try global.connect()
        let known = try client.call(Control.Diff(unchanged: true)).plan.programs
        var applications: [Application] = []
        var isDone = true
        for name in names {
            let kind = known.first { $0.program == name }?.kind
            if let objection = try objection(name, kind, &client) {
                if objection.isFailure { isDone = false }
                Console.complain("cannot \(verb) \(name): \(objection.reason)")
                continue
            }
            applications.append(
                try Application(of: Control.Apply(names: [name]), by: &client, global)
            )
            if !global.json { Console.write(line: "\(name): \(past) process group") }
        }
        if global.json { Console.write(json: applications) }
        for application in applications { try application.check() }
        if !isDone { throw Verdict.refused.exitCode }
    }
}
