import Supervision
import SystemTypes
import Testing

@Suite struct DefaultsTests {
    private func program(_ keys: String, defaults: String) throws -> ProgramConfiguration {
        let disk = Disk(
            #"{"defaults": {\#(defaults)}, "programs": {"a": {"command": "x", \#(keys)}}}"#
        )
        return try #require(try disk.load().programs.first)
    }

    @Test func `objects are merged key by key, and the program wins`() throws {
        let program = try program(
            #""stop": {"timeout": "7s"}, "environment": {"B": "2"}, "umask": "027""#,
            defaults: #""stop": {"timeout": "5s", "signal": "INT"}, "umask": "022","#
                + #""environment": {"A": "1", "B": "1"}"#
        )
        #expect(program.policy.stop.timeout == .seconds(7))
        #expect(program.policy.stop.signal == .interrupt)
        #expect(program.environment == ["A": "1", "B": "2"])
        #expect(program.umask == 0o27)
    }

    @Test func `arrays are replaced`() throws {
        let program = try program(
            #""restart": {"successExitCodes": [2]}"#,
            defaults: #""restart": {"successExitCodes": [0, 1]}"#
        )
        #expect(program.policy.restart.successExitCodes == [2])
    }

    @Test func `null takes a default away`() throws {
        let program = try program(
            #""user": null, "environment": {"A": null}"#,
            defaults: #""user": "root", "environment": {"A": "1", "B": "1"}"#
        )
        #expect(program.user == nil)
        #expect(program.environment == ["B": "1"])
    }

    @Test func `a string that stands for an object is merged like one`() throws {
        let retries = try program(#""restart": "never""#, defaults: #""restart": {"retries": 3}"#)
        #expect(retries.policy.restart.retries == 3)
        #expect(retries.policy.restart.when == .never)
        let when = try program(#""restart": {"retries": 3}"#, defaults: #""restart": "never""#)
        #expect(when.policy.restart.when == .never)
        let file = try program(#""stdout": {"onFull": "block"}"#, defaults: #""stdout": "a.log""#)
        #expect(file.stdout == .file("/var/log/keepd/a.log"))
        let path = try program(#""stderr": "b.log""#, defaults: #""stderr": {"file": "a.log"}"#)
        #expect(path.stderr == .file("/var/log/keepd/b.log"))
        let word = try program(#""stdout": "null""#, defaults: #""stdout": {"file": "a.log"}"#)
        #expect(word.stdout == .null)
    }

    @Test func `a default may depend on the program it is for`() throws {
        let program = try program("", defaults: #""stdout": "${program}-${instance}.log""#)
        #expect(program.stdout == .file(Template(pieces: ["/var/log/keepd/a-", ".log"])))
    }

    @Test func `what is wrong with a default is said once, of the default`() {
        let disk = Disk(
            #"""
            {
              "defaults": {"stop": {"signal": "TREM", "sigal": 1}, "usr": "x"},
              "programs": {"a": {"command": "x"}, "b": {"command": "x", "stop": {"timeout": "x"}}}
            }
            """#
        )
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:2:35: defaults.stop.signal: cannot use "TREM": no such signal (did you mean "TERM"?)"#,
                #"/etc/keepd.json:2:43: defaults.stop.sigal: cannot use this key: no such key (did you mean "signal"?)"#,
                #"/etc/keepd.json:2:56: defaults.usr: cannot use this key: no such key (did you mean "user"?)"#,
                #"/etc/keepd.json:3:81: programs.b.stop.timeout: cannot use "x": expected a duration, such as "500ms", "1.5s", "2m", "1h", or a number of seconds"#,
            ]
        )
    }

    @Test func `a wrong default is an error even if no program takes it`() {
        let disk = Disk(
            #"{"defaults": {"umask": "9", "command": []}, "programs": {"a": {"command": "x", "umask": "0"}}}"#
        )
        #expect(disk.errors().count == 2)
        #expect(Disk(#"{"defaults": {"umask": "9"}}"#).errors().count == 1)
    }
}
