import ControlProtocol
import Testing

@testable import keepctl

/// How other hosts are reached.
@Suite struct RemoteTests {
    @Test func `ssh is given the host as a host, and one command`() {
        #expect(
            RemoteHost(name: "me@db", socket: nil).arguments
                == ["-T", "--", "me@db", "keepctl bridge"]
        )
        // Whatever the words are, they are no options of ssh, and no commands there.
        #expect(
            RemoteHost(name: "-oProxyCommand=x", socket: "/a b/it's; rm -rf").arguments == [
                "-T", "--", "-oProxyCommand=x", #"keepctl -s '/a b/it'\''s; rm -rf' bridge"#,
            ]
        )
    }

    @Test(arguments: [
        ["-H", "a,b,a", "status", "--json"], ["status", "--host=a,b", "--json"],
        ["status", "--host", "a,,b", "--json"],
    ])
    func `several hosts are taken out of the command line`(arguments: [String]) {
        let fleet = FleetArguments(arguments)
        #expect(fleet?.hosts == ["a", "b"] && fleet?.rest == ["status", "--json"])
    }

    @Test(arguments: [
        ["-H", "a", "status"], ["status"], ["send", "x", "--", "-H", "a,b"], ["-H"],
    ])
    func `one host, or none, is no fleet`(arguments: [String]) {
        #expect(FleetArguments(arguments) == nil)
    }

    @Test func `what is waited for is told in one line`() {
        #expect(
            OrderProgress.text([("db", .starting), ("web", .waiting)], after: 3.9)
                == "waiting for 2 (3 s): db starting, web waiting"
        )
    }
}
