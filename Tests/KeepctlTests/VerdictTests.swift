import ControlClient
import ControlProtocol
import Testing

@testable import keepctl

@Suite struct VerdictTests {
    @Test(arguments: [
        (ClientError.noDaemon(path: "/s", reason: "connection refused"), Int32(69)),
        (.closed, 69),
        (.notAllowed(path: "/s"), 77),
        (.refused(.notAllowed(method: "org.keepd.Control.Stop")), 77),
        (.refused(.noSuchProgram(name: "web")), 4),
        (.refused(.timedOut(name: "web", state: .starting)), 1),
        (.refused(.shuttingDown), 1),
        (.refused(.unknown(name: "a.B")), 1),
        (.protocolViolation(.notJSON), 1),
    ])
    func `a script can tell failures apart`(error: ClientError, status: Int32) {
        #expect(Verdict(error).rawValue == status)
    }
}
