import Testing

@testable import Migration

@Suite struct SupervisordWarningTests {
    private let desk = Desk()

    @Test(arguments: [
        ("[supervisord]\nlogfile=/a", "[supervisord] logfile"),
        ("[supervisord]\nnodaemon=false", "[supervisord] nodaemon"),
        ("[supervisord]\npidfile=/a", "[supervisord] pidfile"),
        ("[supervisord]\nuser=root", "[supervisord] user"),
        ("[supervisord]\nminfds=1024", "[supervisord] minfds"),
        ("[supervisord]\nidentifier=a", "[supervisord] identifier"),
        ("[supervisord]\nlogfil=/a", "[supervisord] logfil"),
        ("[unix_http_server]\nfile=/a", "[unix_http_server] file"),
        ("[unix_http_server]\npassword=a", "[unix_http_server] password"),
        ("[inet_http_server]\nport=9001", "[inet_http_server]"),
        ("[supervisorctl]\nserverurl=a", "[supervisorctl]"),
        ("[rpcinterface:other]\na=b", "[rpcinterface:other]"),
        ("[ctlplugin:a]\na=b", "[ctlplugin:a]"),
        ("[eventlistener:a]\ncommand=b", "[eventlistener:a]"),
        ("[fcgi-program:a]\ncommand=b", "[fcgi-program:a]"),
        ("[programm:a]\ncommand=b", "[programm:a]"),
        ("[group:g]\nprograms=a", "[group:g]"),
        ("[program:a]\ncommand=b\nserverurl=c", "[program:a] serverurl"),
        ("[program:a]\ncommand=b\nautorestart=false", "[program:a] autorestart"),
        (
            "[program:a]\ncommand=b\nstdout_capture_maxbytes=1",
            "[program:a] stdout_capture_maxbytes"
        ),
        ("[program:a]\ncommand=b\nstderr_events_enabled=1", "[program:a] stderr_events_enabled"),
        ("[program:a]\ncommand=b\nstdout_syslog=true", "[program:a] stdout_syslog"),
        ("[program:a]\ncommand=b\nstdout_logfile=syslog", "[program:a] stdout_logfile"),
        ("[program:a]\ncommand=b\nstdout_logfile=log/a", "[program:a] stdout_logfile"),
        ("[program:a]\ncommand=b\nprocess_name=c", "[program:a] process_name"),
        ("[program:a]\ncommand=b\nautostrat=true", "[program:a] autostrat"),
        ("[program:a b]\ncommand=b", "[program:a b]"),
    ])
    func `what has no equal is told, once`(text: String, setting: String) throws {
        let warnings = try desk.migrate(text).warnings
        #expect(warnings.map(\.setting) == [setting])
        #expect(warnings.allSatisfy { !$0.text.isEmpty })
    }

    @Test(arguments: [
        "[supervisord]\nnodaemon=true",
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = a:b",
        "[program:a]\ncommand=b\nkillasgroup=true\nprocess_name=%(program_name)s",
        """
        [program:a]
        command=b
        redirect_stderr=true
        stderr_logfile=/a
        stderr_logfile_maxbytes=1MB
        """,
    ])
    func `what keepd does anyway is not worth a word`(text: String) throws {
        #expect(try desk.warnings(text) == [])
    }

    @Test(arguments: [
        ("stopsignal=FOO", #"stopsignal: left out: "FOO" is no signal"#),
        ("umask=9", #"umask: left out: "9" is no octal number up to 777"#),
        ("umask=1000", #"umask: left out: "1000" is no octal number up to 777"#),
        ("stopwaitsecs=-1", #"stopwaitsecs: left out: "-1" is not from 0 to 2147483647"#),
        ("startsecs=-1", #"startsecs: left out: "-1" is not from 0 to 2147483647"#),
        ("startretries=-1", #"startretries: left out: "-1" is not from 0 to 999999"#),
        ("numprocs=0", #"numprocs: left out: "0" is not from 1 to 1024"#),
        (
            "stdout_logfile_backups=-1",
            #"stdout_logfile_backups: left out: "-1" is not from 0 to 10000"#
        ),
    ])
    func `what keepd would refuse is told, and left out`(option: String, warning: String) throws {
        let text = "[program:a]\ncommand=b\n"
        #expect(
            try desk.warnings(text + option) == ["/etc/supervisord.conf:3: [program:a] \(warning)"]
        )
        #expect(try desk.programs(text + option) == desk.programs(text))
    }

    @Test func `of each section that supervisord would refuse the first reason is told`() {
        let text = """
            [supervisord]
            loglevel=loud
            [group:g]
            priority=high
            [program:a]
            [program:b]
            command=x
            autostart=maybe
            startsecs=soon
            """
        let lines = desk.failure(text).split(separator: "\n").map { $0.dropFirst(22) }
        #expect(
            lines == [
                #"2: [supervisord] loglevel: "loud" is no level"#,
                #"4: [group:g] priority: "high" is no whole number"#,
                "5: [program:a] has no command",
                #"8: [program:b] autostart: "maybe" is neither true nor false"#,
            ]
        )
    }

    @Test(arguments: [
        ("[program:a]", ":1: [program:a] has no command"),
        ("[program:a]\ncommand=%(x)s", ":2: [program:a] command: nothing is known as %(x)s"),
        (
            "[program:a]\ncommand=10%",
            #":2: [program:a] command: "10%" is badly formatted: a literal % is %%"#
        ),
        (
            "[program:a]\ncommand=b\nautostart=maybe",
            #":3: [program:a] autostart: "maybe" is neither true nor false"#
        ),
        (
            "[program:a]\ncommand=b\nnumprocs=many",
            #":3: [program:a] numprocs: "many" is no whole number"#
        ),
        (
            "[program:a]\ncommand=b\nexitcodes=0,256",
            #":3: [program:a] exitcodes: "0,256" is no list of exit codes"#
        ),
        (
            "[program:a]\ncommand=b\nstdout_logfile_maxbytes=1TB",
            #":3: [program:a] stdout_logfile_maxbytes: "1TB" is no size"#
        ),
        (
            "[program:a]\ncommand=b\nenvironment=A",
            #":3: [program:a] environment: "A" is no list of KEY="value""#
        ),
        (
            "[program:a]\ncommand=b %(process_num)02d\nnumprocs=2",
            ":1: [program:a]: with numprocs > 1 there must be a process_name"
        ),
        ("[supervisord]\nloglevel=loud", #":2: [supervisord] loglevel: "loud" is no level"#),
    ])
    func `what supervisord would refuse is refused`(text: String, message: String) {
        #expect(desk.failure(text) == "/etc/supervisord.conf\(message)")
    }
}
