import ControlProtocol
import Testing

@Suite struct SocketPathTests {
    @Test func `root has its socket in /run`() {
        let path = SocketPath.standard(user: 0, environment: ["XDG_RUNTIME_DIR": "/tmp/x"])
        #expect(path == "/run/keepd/keepd.sock")
    }

    @Test func `anybody else has it in the run-time directory`() {
        let path = SocketPath.standard(user: 7, environment: ["XDG_RUNTIME_DIR": "/tmp/x"])
        #expect(path == "/tmp/x/keepd/keepd.sock")
    }

    @Test(arguments: [[:], ["XDG_RUNTIME_DIR": ""]])
    func `without a run-time directory it is where there would be one`(
        environment: [String: String]
    ) {
        let path = SocketPath.standard(user: 7, environment: environment)
        #expect(path == "/run/user/7/keepd/keepd.sock")
    }

    @Test func `a client of a program's own environment finds its daemon`() {
        let path = SocketPath.forClient(user: 0, environment: ["KEEPD_SOCKET": "/tmp/s"])
        #expect(path == "/tmp/s")
        let unset = SocketPath.forClient(user: 0, environment: ["KEEPD_SOCKET": ""])
        #expect(unset == "/run/keepd/keepd.sock")
    }
}
