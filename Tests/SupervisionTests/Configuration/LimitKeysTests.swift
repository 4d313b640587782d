import Supervision
import SystemTypes
import Testing

/// `limits` and `security`.
@Suite struct LimitKeysTests {
    private func program(_ keys: String) throws -> ProgramConfiguration {
        let disk = Disk(#"{"programs": {"web": {"command": ["x"], \#(keys)}}}"#)
        return try #require(try disk.load().programs.first)
    }

    @Test func `without them nothing is limited`() throws {
        #expect(try program(#""limits": {}, "security": {}"#).limits == Limits())
        #expect(Security() == ProgramConfiguration(name: "a", command: ["x"]).security)
    }

    @Test func `every limit is read`() throws {
        var expected = Limits()
        expected.resources = [
            .openFiles: ResourceLimit(soft: 65536, hard: 65536),
            .core: ResourceLimit(soft: 0, hard: 0),
            .stack: ResourceLimit(soft: 8 << 20, hard: nil),
            .cpuTime: ResourceLimit(soft: 2, hard: 60),
            .processes: ResourceLimit(soft: nil, hard: nil),
            .addressSpace: ResourceLimit(soft: 1 << 40, hard: 1 << 40),
            .dataSize: ResourceLimit(soft: 1, hard: 2),
            .fileSize: ResourceLimit(soft: 1_500_000, hard: 1_500_000),
            .lockedMemory: ResourceLimit(soft: 7, hard: 7),
        ]
        #expect(Set(expected.resources.keys) == Set(Limits.Resource.allCases))
        expected.memory = 512_000_000
        expected.cpu = 1.5
        expected.tasks = 256
        expected.nice = -5
        expected.oomScoreAdjust = 500
        expected.ioWeight = 100
        expected.cpuAffinity = [0, 1, 7]
        let actual = try program(
            #"""
            "limits": {
                "openFiles": 65536, "core": 0, "stack": {"soft": "8MiB", "hard": "unlimited"},
                "cpuTime": {"soft": "2000ms", "hard": "1m"}, "processes": "unlimited",
                "addressSpace": "1TiB", "dataSize": {"soft": 1, "hard": 2}, "fileSize": "1.5MB",
                "lockedMemory": "7B", "memory": "512MB", "cpu": 1.5, "tasks": 256, "nice": -5,
                "oomScoreAdjust": 500, "ioWeight": 100, "cpuAffinity": [7, 1, 0, 1]
            }
            """#
        )
        #expect(actual.limits == expected)
    }

    @Test(arguments: [
        ("5", 5), (#""5B""#, 5), (#""2kB""#, 2000), (#""2KB""#, 2000), (#""2KiB""#, 2048),
        (#""1GB""#, 1_000_000_000),
        (#""1GiB""#, 1 << 30), (#""1TB""#, 1_000_000_000_000), (#""0.5KiB""#, 512),
        (#""${NO:-3}MB""#, 3_000_000),
    ])
    func `a size has a unit, or is a number of bytes`(text: String, bytes: Int) throws {
        #expect(try program("\"limits\": {\"memory\": \(text)}").limits.memory == bytes)
    }

    @Test(arguments: [
        (
            #""memory": "10M""#,
            #"memory: cannot use "10M": expected a size, such as "10MB", "10MiB", or a number of bytes"#
        ),
        (
            #""memory": "-1MB""#,
            #"memory: cannot use "-1MB": expected a size, such as "10MB", "10MiB", or a number of bytes"#
        ),
        (
            #""memory": "5""#,
            #"memory: cannot use "5": expected a size, such as "10MB", "10MiB", or a number of bytes"#
        ),
        (
            #""memory": true"#,
            #"memory: cannot use true: expected a size, such as "10MB", "10MiB", or a number of bytes"#
        ),
        (
            #""memory": "99999999TiB""#,
            #"memory: cannot use "99999999TiB": expected 0 to 9223372036854775807"#
        ),
        (#""memory": -1"#, "memory: cannot use -1: expected 0 to 9223372036854775807"),
        (#""cpu": 0"#, "cpu: cannot use 0: expected 0.01 to 1024"),
        (#""tasks": 0"#, "tasks: cannot use 0: expected 1 to 4194304"),
        (#""nice": 20"#, "nice: cannot use 20: expected -20 to 19"),
        (#""oomScoreAdjust": -1001"#, "oomScoreAdjust: cannot use -1001: expected -1000 to 1000"),
        (#""ioWeight": 0"#, "ioWeight: cannot use 0: expected 1 to 10000"),
        (#""cpuAffinity": []"#, "cpuAffinity: cannot use this array: it is empty"),
        (#""cpuAffinity": [-1]"#, "cpuAffinity[0]: cannot use -1: expected 0 to 1023"),
        (
            #""openFiles": "1MB""#,
            #"openFiles: cannot use "1MB": expected a limit, "unlimited", or an object of "soft" and "hard""#
        ),
        (
            #""cpuTime": "1.5s""#,
            #"cpuTime: cannot use "1.5s": expected whole seconds, such as "90s", "1h", or a number of them"#
        ),
        (
            #""cpuTime": {"soft": 0.5, "hard": 1}"#,
            #"cpuTime.soft: cannot use 0.5: expected whole seconds, such as "90s", "1h", or a number of them"#
        ),
        (#""openFiles": {"soft": 1}"#, #"openFiles: cannot use this object: no key "hard""#),
        (
            #""openFiles": {"soft": 2, "hard": 1}"#,
            "openFiles.soft: cannot use 2: more than the hard limit"
        ),
        (
            #""openFiles": {"soft": "unlimited", "hard": 1}"#,
            #"openFiles.soft: cannot use "unlimited": more than the hard limit"#
        ),
        (
            #""openfiles": 1"#,
            #"openfiles: cannot use this key: no such key (did you mean "openFiles"?)"#
        ),
    ])
    func `each limit is checked`(keys: String, error: String) {
        let disk = Disk("{\"programs\": {\"a\": {\"command\": \"x\", \"limits\": {\(keys)}}}}")
        #expect(
            disk.errors().map { $0.split(separator: ".limits.").last.map(String.init) } == [error]
        )
    }

    @Test func `what a program may do is read`() throws {
        var expected = Security()
        expected.noNewPrivileges = true
        expected.capabilities = ["CAP_NET_BIND_SERVICE", "CAP_KILL"]
        expected.chroot = Template(pieces: ["/etc/jail/", ""])
        let actual = try program(
            #"""
            "security": {"noNewPrivileges": true, "chroot": "jail/${instance}",
                         "capabilities": ["CAP_NET_BIND_SERVICE", "kill"]}
            """#
        )
        #expect(actual.security == expected)
        #expect(try program(#""security": {"capabilities": []}"#).security.capabilities == [])
    }

    @Test func `a capability must be one`() {
        let disk = Disk(
            #"{"programs": {"a": {"command": "x", "security": {"capabilities": ["NET_BIND_SERVISE"]}}}}"#
        )
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:1:67: programs.a.security.capabilities[0]: cannot use "NET_BIND_SERVISE": no such capability (did you mean "CAP_NET_BIND_SERVICE"?)"#
            ]
        )
    }
}
