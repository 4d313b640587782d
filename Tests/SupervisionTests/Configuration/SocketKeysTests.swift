import Supervision
import SystemTypes
import Testing

/// `sockets`.
@Suite struct SocketKeysTests {
    private func sockets(_ text: String) throws -> [ListeningSocket] {
        let disk = Disk(#"{"programs": {"web": {"command": ["x"], "sockets": {\#(text)}}}}"#)
        return try #require(try disk.load().programs.first).sockets
    }

    @Test func `they come in the order of the file`() throws {
        let names = try sockets(#""z": "[::1]:80", "a": "localhost:81", "m": "/run/m""#).map(\.name)
        #expect(names == ["z", "a", "m"])
    }

    @Test(
        arguments: [
            (#""0.0.0.0:80""#, .internet(Endpoint(host: "0.0.0.0", port: 80))),
            (#""[::]:80""#, .internet(Endpoint(host: "::", port: 80))),
            (#""localhost:80""#, .internet(Endpoint(host: "localhost", port: 80))),
            (#""unix:/run/a b""#, .unix("/run/a b")), (#""unix:run/a""#, .unix("/etc/run/a")),
            (#""/run/a:80""#, .unix("/run/a:80")),
            (
                #"{"listen": "127.0.0.1:${PORT}"}"#,
                .internet(Endpoint(host: "127.0.0.1", port: 8080))
            ),
        ] as [(String, ListeningSocket.Address)]
    )
    func `it listens on an address or a path`(text: String, address: ListeningSocket.Address) throws
    {
        #expect(try sockets("\"a\": \(text)") == [ListeningSocket(name: "a", address: address)])
    }

    @Test func `every key is read`() throws {
        var unix = ListeningSocket(name: "u", address: .unix("/run/u"))
        unix.mode = 0o600
        unix.owner = "ada"
        unix.group = "adm"
        unix.kind = .datagram
        var port = ListeningSocket(
            name: "p",
            address: .internet(Endpoint(host: "0.0.0.0", port: 1))
        )
        port.backlog = 5
        port.reusePort = true
        let actual = try sockets(
            #"""
            "u": {"listen": "/run/u", "mode": "600", "owner": "ada", "group": "adm", "type": "datagram"},
            "p": {"listen": "0.0.0.0:1", "backlog": 5, "reusePort": true, "type": "stream"}
            """#
        )
        #expect(actual == [unix, port])
    }

    @Test(arguments: [
        (#""a": 80"#, ".a: cannot use 80: expected a string or an object"),
        (#""a": {}"#, #".a: cannot use this object: no key "listen""#),
        (
            #""a": "80""#,
            #".a: cannot use "80": expected a numeric address and a port, such as "0.0.0.0:80", or a path"#
        ),
        (
            #""a": "example.org:80""#,
            #".a: cannot use "example.org:80": expected a numeric address and a port, such as "0.0.0.0:80", or a path"#
        ),
        (#""a": "unix:""#, #".a: cannot use "unix:": it is empty"#),
        (
            #""a:b": "/a""#,
            #"."a:b": cannot use this key: expected printable characters of ASCII without a colon, at most 255"#
        ),
        (
            #""": "/a""#,
            #".: cannot use this key: expected printable characters of ASCII without a colon, at most 255"#
        ),
        (
            #""a": {"listen": "0.0.0.0:1", "mode": "600"}"#,
            ".a.mode: cannot use this key: it has a meaning with a path to listen on only"
        ),
        (
            #""a": {"listen": "/a", "reusePort": true}"#,
            ".a.reusePort: cannot use this key: it has a meaning with a port to listen on only"
        ),
        (#""a": {"listen": "/a", "backlog": 0}"#, ".a.backlog: cannot use 0: expected 1 to 65535"),
        (
            #""a": {"listen": "/a", "type": "seqpacket"}"#,
            #".a.type: cannot use "seqpacket": expected "stream" or "datagram""#
        ),
        (
            #""a": {"listen": "/${instance}"}"#,
            #".a.listen: cannot use "${instance}": this value is the same for all instances"#
        ),
    ])
    func `each value is checked`(keys: String, error: String) {
        let disk = Disk("{\"programs\": {\"p\": {\"command\": \"x\", \"sockets\": {\(keys)}}}}")
        let errors = disk.errors().map { $0.split(separator: "programs.p.sockets").last }
        #expect(errors == [error.replacing(".: cannot", with: #"."": cannot"#)[...]])
    }
}
