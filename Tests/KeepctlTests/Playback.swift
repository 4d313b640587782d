import ControlProtocol

@testable import keepctl

/// Does what a command line says, with a daemon that answers what it is told to; for exit tests.
func keepctl(_ arguments: [String], _ answers: [UInt8]...) throws {
    let daemon = try FakeDaemon(answers.map { answer in { @Sendable _ in answer } })
    defer { daemon.remove() }
    Keepctl.carryOut(["-s", daemon.path] + arguments)
}
