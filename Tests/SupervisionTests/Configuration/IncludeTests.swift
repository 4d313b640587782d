import Supervision
import SystemTypes
import Testing

@Suite struct IncludeTests {
    @Test func `included files add programs and groups, in the order of their names`() throws {
        let disk = Disk([
            Disk.main:
                #"{"include": ["conf.d/*.json", "z.json"], "programs": {"m": {"command": "x"}}}"#,
            "/etc/conf.d/20.json": #"{"programs": {"c": {"command": "x"}}}"#,
            "/etc/conf.d/10.json": #"{"programs": {"b": {"command": "bin/b", "stdout": "b.log"}}}"#,
            "/etc/conf.d/not.txt": "?",
            "/etc/z.json": #"{"groups": {"g": ["c", "m"]}}"#,
        ])
        let configuration = try disk.load()
        #expect(configuration.programs.map(\.name) == ["m", "b", "c"])
        #expect(configuration.groups.map(\.programs) == [["c", "m"]])
        // Of a program the file counts, of a log the directory of the logs.
        #expect(configuration.programs[1].command == ["/etc/conf.d/bin/b"])
        #expect(configuration.programs[1].stdout == .file("/var/log/keepd/b.log"))
    }

    @Test func `the defaults of a file are for its own programs, on top of the main file's`() throws
    {
        let disk = Disk([
            Disk.main: #"""
            {"include": ["a.json", "b.json"], "programs": {"m": {"command": "x"}},
             "defaults": {"stop": {"timeout": "5s", "signal": "INT"}}}
            """#,
            "/etc/a.json": #"""
            {"defaults": {"stop": {"timeout": "6s"}}, "programs": {"a": {"command": "x"}}}
            """#,
            "/etc/b.json": #"{"programs": {"b": {"command": "x"}}}"#,
        ])
        let stops = try disk.load().programs.map(\.policy.stop)
        #expect(stops.map(\.timeout) == [.seconds(5), .seconds(6), .seconds(5)])
        #expect(stops.map(\.signal) == [.interrupt, .interrupt, .interrupt])
    }

    @Test func `a pattern may match nothing, a name may not`() {
        let disk = Disk(#"{"include": ["conf.d/*.json", "web.json", "", 5]}"#)
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:1:31: include[1]: cannot use "web.json": no such file"#,
                #"/etc/keepd.json:1:43: include[2]: cannot use "": it is empty"#,
                #"/etc/keepd.json:1:47: include[3]: cannot use 5: expected a string (did you mean "5"?)"#,
            ]
        )
    }

    @Test func `a file is read once, and the main file is not included in itself`() throws {
        let disk = Disk([
            Disk.main: #"{"include": ["*.json", "a.json"]}"#,
            "/etc/a.json": #"{"programs": {"a": {"command": "x"}}}"#,
        ])
        #expect(try disk.load().programs.count == 1)
    }

    @Test func `by whatever path it is found`() throws {
        var disk = Disk([
            Disk.main: #"{"include": ["x/k.json", "a.json", "b.json"]}"#,
            "/etc/x/k.json": #"{"include": []}"#,
            "/etc/a.json": #"{"programs": {"a": {"command": "x"}}}"#,
            "/etc/b.json": #"{"programs": {"a": {"command": "x"}}}"#,
        ])
        disk.links = ["/etc/x/k.json": Disk.main, "/etc/b.json": "/etc/a.json"]
        #expect(try disk.load().programs.count == 1)
    }

    @Test func `signs of a pattern in the main file's directory are just signs`() throws {
        let disk = Disk([
            "/a*[b]/k.json": #"{"include": ["i.json", "*.j"]}"#,
            "/a*[b]/i.json": #"{"programs": {"a": {"command": "x"}}}"#,
            "/aa[b]/x.j": "?",
        ])
        #expect(try disk.load("/a*[b]/k.json").programs.count == 1)
    }

    @Test func `paths of included files are shown as that of the main file is`() {
        let disk = Disk([
            "etc/k.json": #"{"include": ["c/*.json"]}"#, "etc/c/a.json": "[",
        ])
        #expect(
            disk.errors("etc/k.json") == [
                "etc/c/a.json:1:2: cannot read this file: expected a value, found the end of the file"
            ]
        )
    }

    @Test func `all errors of all files come in one go, in the order of reading`() {
        let disk = Disk([
            Disk.main: #"""
            {
              "groups": {"g": ["a", "nosuch"]},
              "include": ["*.d"],
              "programs": {"a": {"command": 5}, "a": {"command": 5}}
            }
            """#,
            "/etc/1.d": #"{"daemon": {"x": 1}, "include": ["x"], "x": 1}"#,
            "/etc/2.d": #"{"programs": {"a": {"command": "x", "umask": 1}}}"#,
        ])
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:2:25: groups.g[1]: cannot use "nosuch": no such program"#,
                "/etc/keepd.json:4:33: programs.a.command: cannot use 5: expected an array of strings, or a string",
                "/etc/keepd.json:4:37: programs.a: cannot use this key: given twice (first at /etc/keepd.json:4:16)",
                "/etc/1.d:1:2: daemon: cannot use this key: it belongs in the main file",
                "/etc/1.d:1:22: include: cannot use this key: it belongs in the main file",
                "/etc/1.d:1:40: x: cannot use this key: no such key",
                "/etc/2.d:1:15: programs.a: cannot use this name: it is taken (first at /etc/keepd.json:4:16)",
                #"/etc/2.d:1:46: programs.a.umask: cannot use 1: octal needs a string, such as "022""#,
            ]
        )
    }

    @Test func `a file that cannot be understood does not make its programs unknown`() {
        let disk = Disk([
            Disk.main: #"{"include": ["*.d"], "groups": {"g": ["a"]}}"#,
            "/etc/a.d": #"{"programs": {"a": {"command": "x"}}"#,
        ])
        #expect(
            disk.errors() == [
                #"/etc/a.d:1:37: cannot read this file: expected "," or "}", found the end of the file"#
            ]
        )
    }

    @Test func `an included file that anybody may write to is refused by root`() {
        var disk = Disk([Disk.main: #"{"include": ["a.d"]}"#, "/etc/a.d": "{}"])
        disk.worldWritable = ["/etc/a.d"]
        disk.isRoot = true
        #expect(
            disk.errors() == [
                "/etc/a.d: cannot use this file: everybody may write to it, and keepd runs as root"
            ]
        )
    }
}
