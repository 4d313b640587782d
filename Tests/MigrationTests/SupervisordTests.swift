import Testing

@testable import Migration

@Suite struct SupervisordTests {
    private let desk = Desk()

    @Test(arguments: [
        ("", #"{ "web": {"command": "x"} }"#),
        ("autostart=no", #"{ "web": {"command": "x", "autostart": false} }"#),
        ("directory=/srv", #"{ "web": {"command": "x", "directory": "/srv"} }"#),
        ("user=www\numask=027", #"{ "web": {"command": "x", "user": "www", "umask": "027"} }"#),
        ("startsecs=5", #"{ "web": { "command": "x", "start": {"settle": "5s"} } }"#),
        ("startretries=0", #"{ "web": { "command": "x", "restart": {"retries": 1} } }"#),
        ("autorestart=true", #"{ "web": { "command": "x", "restart": {"when": "always"} } }"#),
        (
            "exitcodes=0,2",
            #"{ "web": { "command": "x", "restart": {"successExitCodes": [0, 2]} } }"#
        ),
        (
            "stopsignal=QUIT\nstopwaitsecs=3\nstopasgroup=true\nkillasgroup=true",
            #"{ "web": { "command": "x", "stop": {"signal": "QUIT", "scope": "group", "timeout": "3s"} } }"#
        ),
        ("redirect_stderr=true", #"{ "web": {"command": "x", "stderr": "stdout"} }"#),
        ("stdout_logfile=NONE", #"{ "web": {"command": "x", "stdout": "null"} }"#),
        ("stderr_logfile=/dev/stderr", #"{ "web": {"command": "x", "stderr": "inherit"} }"#),
        (
            "stdout_logfile=/a/%(program_name)s.log\nstdout_logfile_maxbytes=1MB",
            #"{ "web": { "command": "x", "stdout": {"file": "/a/web.log", "maxSize": "1MiB"} } }"#
        ),
        (
            "stdout_logfile_maxbytes=0\nstdout_logfile_backups=2",
            #"{ "web": { "command": "x", "stdout": {"maxSize": null, "keep": 2} } }"#
        ),
    ])
    func `an option becomes a key`(options: String, expected: String) throws {
        #expect(try desk.program("command=x\n\(options)") == expected)
    }

    @Test(arguments: [
        ("%(here)s/run", "/etc/run"),
        ("%(ENV_HOME)s/run", "${HOME}/run"),
        ("%(ENV_ROOT)s/run", "/srv/run"),
        ("%(ENV_OWN)s/run", "1/run"),
        ("run %(program_name)s %(group_name)s %(host_node_name)s", "run web web host1"),
        ("run %(process_num)02d %(numprocs)d", "run 00 1"),
        ("run 100%% ${x}", "run 100% $${x}"),
    ])
    func `a name in a format is replaced`(command: String, expected: String) throws {
        let text = """
            [supervisord]
            environment=ROOT="/srv"
            [program:web]
            command=\(command)
            environment=OWN=1
            """
        let programs = try desk.programs(text)
        #expect(programs.contains("\"command\": \"\(expected)\""))
    }

    @Test func `what supervisord does by itself is said to keepd`() throws {
        let defaults = try desk.member("defaults", of: desk.migrate("[supervisord]"))
        #expect(
            defaults == """
                { "restart": {"when": "on-failure", "retries": 4}, "stop": {"scope": "process"}, \
                "stdin": "pipe", "stdout": {"file": "${program}-stdout.log", "maxSize": "50MiB", "keep": 10}, \
                "stderr": {"file": "${program}-stderr.log", "maxSize": "50MiB", "keep": 10} }
                """
        )
    }

    @Test func `what the daemon is told counts for all programs, or for the daemon`() throws {
        let migration = try desk.migrate(
            """
            [supervisord]
            umask=022
            directory=/srv
            loglevel=warn
            childlogdir=%(here)s/log
            environment=A="1"
            [unix_http_server]
            chmod=0770
            chown=root:adm
            """
        )
        #expect(
            desk.member("daemon", of: migration) == """
                { "logLevel": "warning", "logDirectory": "/etc/log", \
                "socket": {"mode": "0770", "owner": "root", "group": "adm"} }
                """
        )
        let own = #"{ "environment": {"A": "1"}, "directory": "/srv", "umask": "022", "restart""#
        #expect(desk.member("defaults", of: migration).hasPrefix(own))
        #expect(migration.warnings == [])
    }

    @Test func `several processes are instances where the number is used as it is`() throws {
        let text = """
            command=x %(process_num)d
            numprocs=3
            process_name=%(program_name)s_%(process_num)02d
            """
        #expect(
            try desk.program(text) == """
                { "web": { "command": "x ${instance}", "instances": 3, \
                "stdout": {"file": "${program}-${instance}-stdout.log"}, \
                "stderr": {"file": "${program}-${instance}-stderr.log"} } }
                """
        )
    }

    @Test(arguments: [("%(process_num)02d", 0, "01"), ("%(process_num)d", 8, "9")])
    func `several processes are programs of a group where it is not`(
        number: String,
        first: Int,
        second: String
    ) throws {
        let migration = try desk.migrate(
            """
            [program:web]
            command=x \(number)
            process_name=web-\(number)
            numprocs=2
            numprocs_start=\(first)
            redirect_stderr=true
            """
        )
        let programs = desk.member("programs", of: migration)
        let expected = "\"web-\(second)\": {\"command\": \"x \(second)\", \"stderr\": \"stdout\"}"
        #expect(programs.contains(expected))
        let groups = desk.member("groups", of: migration)
        #expect(groups.hasPrefix("{\"web\": [\"web-") && groups.contains("\"web-\(second)\"]"))
    }

    @Test func `programs come in the order in which supervisord starts them`() throws {
        let text = """
            [program:z]
            command=x
            [program:a]
            command=x
            [program:last]
            command=x
            priority=1000
            [program:late]
            command=x
            priority=2
            [program:first]
            command=x
            [group:g]
            programs=late,first
            priority=1
            """
        let migration = try desk.migrate(text)
        let names = desk.member("programs", of: migration).split(separator: "\"")
            .map(String.init).filter { ["z", "a", "last", "late", "first"].contains($0) }
        #expect(names == ["late", "first", "a", "z", "last"])
        #expect(desk.member("groups", of: migration) == #"{"g": ["late", "first"]}"#)
    }

    @Test func `files are included in the order of their names, with their own directory`() throws {
        let desk = Desk(files: [
            "/etc/conf.d/b.conf": "[program:b]\ncommand=%(here)s/b",
            "/etc/conf.d/a.conf": "[program:b]\ncommand=a",
        ])
        let text = "[include]\nfiles=conf.d/*.conf none/*.conf"
        #expect(try desk.programs(text) == #"{ "b": {"command": "/etc/conf.d/b"} }"#)
        #expect(
            try desk.warnings(text) == [
                #"/etc/supervisord.conf:2: [include] files: no file matches "/etc/none/*.conf""#
            ]
        )
    }
}
