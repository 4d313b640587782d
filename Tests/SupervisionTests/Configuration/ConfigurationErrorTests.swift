import Testing

@testable import Supervision

/// What a user sees of it: each text is a whole file, and each list all there is to say about it.
@Suite struct ConfigurationErrorTests {
    /// The errors of a program with these keys, without what they all begin with.
    private func errors(of keys: String) -> [String] {
        Disk("{\"programs\": {\"web\": {\"command\": \"x\",\n\(keys)}}}").errors().map { line in
            line.replacing("/etc/keepd.json:2:", with: "", maxReplacements: 1)
                .replacing("programs.web.", with: "")
        }
    }

    @Test func `an error never leaves the reader guessing`() {
        let disk = Disk(
            """
            {
              "programs": {
                "web": {
                  "comand": "nginx",
                  "stop": {"signal": "TREM"},
                },
              },
              "groups": {"site": ["wbe"]},
            }
            """
        )
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:3:12: programs.web: cannot use this object: no key "command""#,
                #"/etc/keepd.json:4:7: programs.web.comand: cannot use this key: no such key (did you mean "command"?)"#,
                #"/etc/keepd.json:5:26: programs.web.stop.signal: cannot use "TREM": no such signal (did you mean "TERM"?)"#,
                #"/etc/keepd.json:8:23: groups.site[0]: cannot use "wbe": no such program (did you mean "web"?)"#,
            ]
        )
    }

    @Test(arguments: [
        (
            #""description": 5"#,
            #"16: description: cannot use 5: expected a string (did you mean "5"?)"#
        ),
        (#""description": {}"#, #"16: description: cannot use this object: expected a string"#),
        (
            #""description": "\u0000""#,
            #"16: description: cannot use "\u{0}": it contains a NUL character"#
        ),
        (
            #""description": "a\n\"${instance}""#,
            #"16: description: cannot use "${instance}": this value is the same for all instances"#
        ),
        (#""directory": """#, #"14: directory: cannot use "": it is empty"#),
        (
            #""directory": "${NOPE}""#,
            #"14: directory: cannot use "${NOPE}": no such variable in the environment of keepd"#
        ),
        (
            #""directory": "${HOEM}""#,
            #"14: directory: cannot use "${HOEM}": no such variable in the environment of keepd (did you mean "${HOME}"?)"#
        ),
        (
            #""directory": "${HOME""#,
            #"14: directory: cannot use "${HOME": no } after ${; a literal ${ is written $${"#
        ),
        (
            #""directory": "${HOME%/}""#,
            #"14: directory: cannot use "${HOME%/}": expected ${NAME} or ${NAME:-default}; a literal ${ is written $${"#
        ),
        (
            #""environment": ["A=b"]"#,
            #"16: environment: cannot use this array: expected an object"#
        ),
        (
            #""environment": {"PORT": 80}"#,
            #"25: environment.PORT: cannot use 80: expected a string (did you mean "80"?)"#
        ),
        (
            #""environment": {"A=B": "x"}"#,
            #"17: environment."A=B": cannot use this key: expected the name of an environment variable"#
        ),
        (
            #""environment": {"": "x"}"#,
            #"17: environment."": cannot use this key: expected the name of an environment variable"#
        ),
        (#""clearEnvironment": 1"#, #"21: clearEnvironment: cannot use 1: expected true or false"#),
        (#""user": "bob""#, #"9: user: cannot use "bob": no such user"#),
        (#""group": "${HOME}""#, #"10: group: cannot use "/home/ada": no such group"#),
        (#""umask": 22"#, #"10: umask: cannot use 22: octal needs a string, such as "022""#),
        (
            #""umask": "0x12""#,
            #"10: umask: cannot use "0x12": expected an octal number, such as "022""#
        ),
        (
            #""umask": "089""#,
            #"10: umask: cannot use "089": expected an octal number, such as "022""#
        ),
        (
            #""umask": "+22""#,
            #"10: umask: cannot use "+22": expected an octal number, such as "022""#
        ),
        (#""umask": "1000""#, #"10: umask: cannot use "1000": expected 000 to 777"#),
        (#""autostart": "yes""#, #"14: autostart: cannot use "yes": expected true or false"#),
        (#""instances": 0"#, #"14: instances: cannot use 0: expected 1 to 1024"#),
        (#""instances": 1025"#, #"14: instances: cannot use 1025: expected 1 to 1024"#),
        (#""instances": 1e300"#, #"14: instances: cannot use 1e300: expected 1 to 1024"#),
        (#""instances": 1.5"#, #"14: instances: cannot use 1.5: expected a whole number"#),
        (#""instances": "2""#, #"14: instances: cannot use "2": expected a whole number"#),
        (
            #""type": "servise""#,
            #"9: type: cannot use "servise": expected "service" or "oneshot" or "scheduled" (did you mean "service"?)"#
        ),
        (#""start": "1s""#, #"10: start: cannot use "1s": expected an object"#),
        (
            #""start": {"settle": "1d"}"#,
            #"21: start.settle: cannot use "1d": expected a duration, such as "500ms", "1.5s", "2m", "1h", or a number of seconds"#
        ),
        (#""start": {"settle": -1}"#, #"21: start.settle: cannot use -1: expected 0 to 876000h"#),
        (
            #""start": {"settle": "876001h"}"#,
            #"21: start.settle: cannot use "876001h": expected 0 to 876000h"#
        ),
        (#""restart": 5"#, #"12: restart: cannot use 5: expected a string or an object"#),
        (
            #""restart": "alway""#,
            #"12: restart: cannot use "alway": expected "always" or "on-failure" or "never" (did you mean "always"?)"#
        ),
        (
            #""restart": {"when": "onFailure"}"#,
            #"21: restart.when: cannot use "onFailure": expected "always" or "on-failure" or "never" (did you mean "on-failure"?)"#
        ),
        (
            #""restart": {"retries": -1}"#,
            #"24: restart.retries: cannot use -1: expected 0 to 1000000"#
        ),
        (
            #""restart": {"successExitCodes": 0}"#,
            #"33: restart.successExitCodes: cannot use 0: expected an array"#
        ),
        (
            #""restart": {"successExitCodes": [0, 256]}"#,
            #"37: restart.successExitCodes[1]: cannot use 256: expected 0 to 255"#
        ),
        (
            #""restart": {"backoff": {"factor": 0.9}}"#,
            #"35: restart.backoff.factor: cannot use 0.9: expected at least 1"#
        ),
        (
            #""restart": {"backoff": {"factor": 1e999}}"#,
            #"35: restart.backoff.factor: cannot use 1e999: expected a number"#
        ),
        (
            #""restart": {"backoff": {"jitter": 1.1}}"#,
            #"35: restart.backoff.jitter: cannot use 1.1: expected 0 to 1"#
        ),
        (
            #""ready": {"log": "up"}, "stdout": "null", "stderr": "inherit""#,
            #"18: ready.log: cannot use "up": keepd reads neither stdout nor stderr of it"#
        ),
        (
            #""restart": {"backoff": {"initial": "1m", "max": 5}}"#,
            #"49: restart.backoff.max: cannot use 5: less than the initial pause"#
        ),
        (
            #""restart": {"backoff": {"initial": "1m", "max": "x"}}"#,
            #"49: restart.backoff.max: cannot use "x": expected a duration, such as "500ms", "1.5s", "2m", "1h", or a number of seconds"#
        ),
        (
            #""stop": {"signal": 15}"#,
            #"20: stop.signal: cannot use 15: expected a string (did you mean "15"?)"#
        ),
        (#""stop": {"signal": "65"}"#, #"20: stop.signal: cannot use "65": no such signal"#),
        (
            #""stop": {"signal": "sigtrem"}"#,
            #"20: stop.signal: cannot use "sigtrem": no such signal (did you mean "TERM"?)"#
        ),
        (
            #""stop": {"scope": "tree"}"#,
            #"19: stop.scope: cannot use "tree": expected "process" or "group""#
        ),
        (#""stdin": "inherit""#, #"10: stdin: cannot use "inherit": expected "null" or "pipe""#),
        (#""stdout": true"#, #"11: stdout: cannot use true: expected a string or an object"#),
        (#""stdout": """#, #"11: stdout: cannot use "": it is empty"#),
        (
            #""stdout": {"onFull": "dorp"}"#,
            #"22: stdout.onFull: cannot use "dorp": expected "block" or "drop" (did you mean "drop"?)"#
        ),
        (
            #""stdout": {"maxsize": 1}"#,
            #"12: stdout.maxsize: cannot use this key: no such key (did you mean "maxSize"?)"#
        ),
        (#""stderr": {"keep": -1}"#, "20: stderr.keep: cannot use -1: expected 0 to 10000"),
        (
            #""stderr": {"maxSize": "0MB"}"#,
            #"23: stderr.maxSize: cannot use "0MB": expected 1 to 9223372036854775807"#
        ),
        (
            #""stderr": {"totalSize": "1MB"}"#,
            "12: stderr.totalSize: cannot use this key: it has a meaning with maxSize only"
        ),
        (
            #""umask": null, "umask": "022""#,
            #"16: umask: cannot use this key: given twice (first at /etc/keepd.json:2:1)"#
        ),
        (#""nosuch": null"#, #"1: nosuch: cannot use this key: no such key"#),
    ])
    func `each value is checked`(keys: String, error: String) {
        #expect(errors(of: keys) == [error])
    }

    @Test(arguments: [
        (#"5"#, "11: programs.a.command: cannot use 5: expected an array of strings, or a string"),
        (#"[]"#, "11: programs.a.command: cannot use this array: it is empty"),
        (#""""#, #"11: programs.a.command: cannot use "": it is empty"#),
        (#"" ""#, #"11: programs.a.command: cannot use " ": it is empty"#),
        (#""'' x""#, #"11: programs.a.command: cannot use "'' x": it is empty"#),
        (#""it's""#, #"11: programs.a.command: cannot use "it's": no closing '"#),
        (#"["", "x"]"#, #"12: programs.a.command[0]: cannot use "": it is empty"#),
        (
            #"["x", 5]"#,
            #"17: programs.a.command[1]: cannot use 5: expected a string (did you mean "5"?)"#
        ),
        (
            #"["${NOPE}"]"#,
            #"12: programs.a.command[0]: cannot use "${NOPE}": no such variable in the environment of keepd"#
        ),
    ])
    func `so is a command`(command: String, error: String) {
        let disk = Disk("{\"programs\": {\"a\": {\n\"command\":\(command)}}}")
        #expect(disk.errors() == ["/etc/keepd.json:2:\(error)"])
    }

    @Test(arguments: [
        (
            #""logLevel": "warn""#,
            #"13: daemon.logLevel: cannot use "warn": expected "trace" or "debug" or "info" or "notice" or "warning" or "error" or "critical""#
        ),
        (
            #""exitWhen": "any-fatl""#,
            #"13: daemon.exitWhen: cannot use "any-fatl": expected "never" or "all-exited" or "any-fatal" (did you mean "any-fatal"?)"#
        ),
        (#""socket": 1"#, #"11: daemon.socket: cannot use 1: expected a string or an object"#),
        (
            #""socket": {"mode": 660}"#,
            #"20: daemon.socket.mode: cannot use 660: octal needs a string, such as "022""#
        ),
        (
            #""socket": {"owner": "bob"}"#,
            #"21: daemon.socket.owner: cannot use "bob": no such user"#
        ),
        (
            #""socket": {"group": "bobs"}"#,
            #"21: daemon.socket.group: cannot use "bobs": no such group"#
        ),
        (
            #""logDirectory": "${program}""#,
            #"17: daemon.logDirectory: cannot use "${program}": it has a meaning in programs only"#
        ),
        (
            #""shutdownTimout": 1"#,
            #"1: daemon.shutdownTimout: cannot use this key: no such key (did you mean "shutdownTimeout"?)"#
        ),
    ])
    func `so are the daemon's own settings`(keys: String, error: String) {
        #expect(Disk("{\"daemon\": {\n\(keys)}}").errors() == ["/etc/keepd.json:2:\(error)"])
    }

    @Test(arguments: [
        ("[1]", "1:1: cannot use this array: expected an object"),
        (
            #"{"program": {}}"#,
            #"1:2: program: cannot use this key: no such key (did you mean "programs"?)"#
        ),
        (#"{"programs": []}"#, #"1:14: programs: cannot use this array: expected an object"#),
        (#"{"programs": {"a": "x"}}"#, #"1:20: programs.a: cannot use "x": expected an object"#),
        (#"{"programs": {"a" "x"}}"#, #"1:19: cannot read this file: expected ":", found "\"""#),
        ("{\"a\": \"x\ny\"}", "1:7: cannot read this file: a string that does not end"),
    ])
    func `so is the file as a whole`(text: String, error: String) {
        #expect(Disk(text).errors() == ["/etc/keepd.json:\(error)"])
    }

    @Test func `a file that cannot be read is an error without a position`() {
        #expect(
            Disk("{}").errors("/no/such.json") == [
                "/no/such.json: cannot read this file: no such file or directory"
            ]
        )
    }

    @Test func `a file that anybody may write to is refused, but only by root`() {
        var disk = Disk("{}")
        disk.worldWritable = [Disk.main]
        #expect(disk.errors() == [])
        disk.isRoot = true
        #expect(
            disk.errors() == [
                "/etc/keepd.json: cannot use this file: everybody may write to it, and keepd runs as root"
            ]
        )
    }
}
