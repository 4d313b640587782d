import Supervision
import Testing

/// What is wrong with programs only beside each other.
@Suite struct NeighboursTests {
    /// The errors of a file of programs, one on each line, from line 2.
    private func errors(_ programs: String...) -> [String] {
        let text = "{\"programs\": {\n\(programs.joined(separator: ",\n"))\n}}"
        return Disk(text).errors().map { $0.replacing("/etc/keepd.json:", with: "") }
    }

    @Test func `a cycle is shown as a whole`() {
        #expect(
            errors(
                #""a": {"command": "x", "dependsOn": ["web"]}"#,
                #""web": {"command": "x", "dependsOn": {"db": "ready"}}"#,
                #""db": {"command": "x", "dependsOn": ["log", "web"]}"#,
                #""log": {"command": "x"}"#
            ) == [
                "3:38: programs.web.dependsOn: cannot use this object: web needs db needs web"
            ]
        )
    }

    @Test func `every program at which a cycle begins has an error`() {
        #expect(
            errors(
                #""a": {"command": "x", "dependsOn": ["a", "b"]}"#,
                #""b": {"command": "x", "dependsOn": ["c"]}"#,
                #""c": {"command": "x", "dependsOn": ["b"]}"#
            ) == [
                "2:36: programs.a.dependsOn: cannot use this array: a needs a",
                "3:36: programs.b.dependsOn: cannot use this array: b needs c needs b",
            ]
        )
    }

    @Test func `a default that makes a program need itself is an error of the default`() {
        let disk = Disk(
            #"""
            {"defaults": {"dependsOn": ["db"]},
             "programs": {"web": {"command": "x"}, "db": {"command": "x"}}}
            """#
        )
        #expect(
            disk.errors() == [
                "/etc/keepd.json:1:28: defaults.dependsOn: cannot use this array: db needs db"
            ]
        )
    }

    @Test func `nobody waits for a service to be completed`() {
        #expect(
            errors(
                #""db": {"command": "x"}"#,
                #""job": {"command": "x", "type": "oneshot"}"#,
                #""web": {"command": "x", "dependsOn": {"db": "completed", "job": "completed"}}"#
            ) == [
                #"4:45: programs.web.dependsOn.db: cannot use "completed": a service is never completed"#
            ]
        )
    }

    @Test func `two sockets cannot listen at one place, unless both share it`() {
        #expect(
            errors(
                #""a": {"command": "x", "sockets": {"h": "[::]:80", "u": "/run/a"}}"#,
                #""b": {"command": "x", "sockets": {"h": {"listen": "[::]:80", "reusePort": true}}}"#,
                #""c": {"command": "x", "sockets": {"h": {"listen": "[::]:80", "type": "datagram"}}}"#,
                #""d": {"command": "x", "sockets": {"u": "unix:/run/a"}}"#,
                #""e": {"command": "x", "sockets": {"h": {"listen": "[::]:81", "reusePort": true}}}"#,
                #""f": {"command": "x", "sockets": {"h": {"listen": "[::]:81", "reusePort": true}}}"#
            )
                == [
                    #"3:51: programs.b.sockets.h.listen: cannot use "[::]:80": it is taken (first at /etc/keepd.json:2:40)"#,
                    #"5:40: programs.d.sockets.u: cannot use "unix:/run/a": it is taken (first at /etc/keepd.json:2:56)"#,
                ].map { $0.replacing("/etc/keepd.json:", with: "") }
        )
    }

    @Test func `a long chain and a large knot are judged in time`() {
        let chain = (0..<500).map { #""p\#($0)": {"command": "x", "dependsOn": ["p\#($0 + 1)"]}"# }
        let end = #""p500": {"command": "x"}"#
        #expect(Disk("{\"programs\": {\((chain + [end]).joined(separator: ","))}}").errors() == [])
        let knot = (0..<40).map { program in
            let needs = (0..<40).map { "\"p\($0)\"" }.joined(separator: ", ")
            return #""p\#(program)": {"command": "x", "dependsOn": [\#(needs)]}"#
        }
        let errors = Disk("{\"programs\": {\(knot.joined(separator: ","))}}").errors()
        #expect(errors.count == 40)
    }
}
