import ControlProtocol
import Foundation
import SystemTypes
import Testing

extension RunningDaemon {
    /// Runs keepctl, which has to succeed.
    ///
    /// - Returns: The lines that it printed.
    @discardableResult
    func order(
        _ arguments: String...,
        at location: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        try order(arguments, at: location)
    }

    @discardableResult
    func order(
        _ arguments: [String],
        at location: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        let run = try Run([Places.product("keepctl"), "--socket", socketPath] + arguments)
        #expect(run.status == .exited(0), "\(run.error)", sourceLocation: location)
        return run.output.split(separator: "\n").map(String.init)
    }

    /// What `keepctl status --json` prints, whatever its exit status.
    func printedStatus(_ names: String...) throws -> [Program] {
        let command = [Places.product("keepctl"), "--socket", socketPath, "--json", "status"]
        return try JSONDecoder().decode(
            [Program].self,
            from: Data(Run(command + names).output.utf8)
        )
    }
}
