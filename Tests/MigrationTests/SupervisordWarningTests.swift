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
