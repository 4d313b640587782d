import Testing

/// keepd under a real systemd, as its units have it; each test boots one.
@Suite(
    .serialized,
    .wholeProgram,
    .enabled(if: Lab.isThere, Comment(rawValue: Lab.refusal ?? "")),
    .timeLimit(.minutes(10))
)
struct SystemdTests {
    private static let two = """
        {"programs": {"db": {"command": ["sleep", "1001"]}, "web": {"command": ["sleep", "1002"]}}}
        """

    @Test func `the units are as systemd wants them`() throws {
        try Lab.run(
            """
            cd /etc/systemd
            systemd-analyze verify system/keepd.service system/keepd.socket system/keepd@web.service \\
                2>&1 | tee /tmp/complaints
            export XDG_RUNTIME_DIR=/run
            systemd-analyze --user verify user/keepd.service 2>&1 | tee -a /tmp/complaints
            is "$(cat /tmp/complaints)" ''
            """,
            configuration: Self.two
        )
    }

    @Test func `a service shows its programs, reloads what is sound, and leaves nothing`() throws {
        try Lab.run(
            """
            systemctl start keepd
            until_ok status status_is '2 of 2 running'
            systemctl status --no-pager keepd | grep 'sleep 1001'
            systemd-cgls --no-pager /system.slice/keepd.service | grep 'sleep 1002'
            before=$(pid db)

            sed -i 's/1002/1003/' /etc/keepd/keepd.json
            systemctl reload keepd
            pgrep -f 'sleep 1003'
            is "$(pid db)" "$before"

            echo '{"programs": {"db": 7}}' > /etc/keepd/keepd.json
            fails systemctl reload keepd
            is "$(prop ActiveState)" active
            is "$(pid db)" "$before"

            systemctl stop keepd
            is "$(prop Result)" success
            no_process '^sleep 100'
            no_process '^/usr/bin/keepd'
            fails test -e /run/keepd/keepd.sock
            """,
            configuration: Self.two
        )
    }

    @Test func `a daemon that is stuck is killed and comes again`() throws {
        try Lab.run(
            """
            systemctl start keepd
            main=$(prop MainPID)
            kill -STOP $main
            until_ok 'another daemon' eval '[[ $(prop NRestarts) == 1 ]]'
            until_ok 'all programs' status_is '2 of 2 running'
            journalctl -u keepd --no-pager | grep "Failed with result 'watchdog'"
            """,
            configuration: Self.two,
            dropIn: "WatchdogSec=1s"
        )
    }

    @Test func `a crash ends no program, and one in the middle of a stop leaves none`() throws {
        let deaf = """
            {"programs": {"db": {"command": ["sleep", "1001"]},
            "web": {"command": ["sh", "-c", "trap '' TERM; exec sleep 1002"],
            "stop": {"timeout": "1h"}}}}
            """
        try Lab.run(
            """
            systemctl start keepd
            until_ok status status_is '2 of 2 running'
            pgrep -f '^sleep 100' > /tmp/before
            systemctl kill --kill-whom=main -s KILL keepd
            until_ok 'the crash' eval '[[ $(prop SubState) == auto-restart ]]'
            pgrep -f '^sleep 100' | diff /tmp/before -
            systemctl restart keepd
            until_ok status status_is '2 of 2 running'

            systemctl stop --no-block keepd
            until_ok 'the stop' status_is 'stopping: web'
            systemctl kill --kill-whom=main -s KILL keepd
            until_ok 'the end' eval '[[ $(prop ActiveState) == failed ]]'
            no_process '^sleep 100'
            journalctl -u keepd --no-pager | grep 'killing process .*: sleep 1002'
            """,
            configuration: deaf,
            dropIn: "RestartSec=1h"
        )
    }

    @Test func `the daemon after a crash has the same programs, and sees how they end`() throws {
        let programs = """
            {"defaults": {"start": {"settle": "0s"}}, "programs": {
            "db": {"command": ["sleep", "1001"]}, "web": {"command": ["sleep", "1002"]},
            "job": {"restart": "never", "command": ["sh", "-c",
            "until test -e /tmp/end; do sleep 0.1; done; echo last words; exit 7"]}}}
            """
        try Lab.run(
            """
            pids() { keepctl pid db web job; }
            systemctl start keepd
            until_ok status status_is '3 of 3 running'
            before=$(pids)
            for crash in 1 2 3; do
                systemctl kill --kill-whom=main -s KILL keepd
                until_ok 'another daemon' eval '[[ $(prop NRestarts) == $crash ]]'
                until_ok 'all programs' status_is '3 of 3 running'
                is "$(pids)" "$before"
            done
            is "$(pgrep -fc '^sleep 100')" 2
            keepctl reexec
            is "$(pids)" "$before"
            touch /tmp/end
            until_ok 'the end of the job' eval '[[ $(keepctl status job) == *EXITED* ]]'
            { keepctl status job || true; } | grep -E 'exit code 7|unknown'
            journalctl KEEPD_PROGRAM=job | grep 'last words'
            systemctl stop keepd
            no_process '^sleep 100'
            """,
            configuration: programs
        )
    }

    @Test func `a stop may take as long as keepd says`() throws {
        let deaf = """
            {"programs": {"deaf": {"command": ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"],
            "stop": {"timeout": "3s"}}}}
            """
        try Lab.run(
            """
            systemctl start keepd
            until_ok status status_is '1 of 1 running'
            systemctl stop keepd
            is "$(prop Result)" success
            """,
            configuration: deaf,
            dropIn: "TimeoutStopSec=1s"
        )
    }

    @Test func `who connects to the socket starts keepd, again after a stop`() throws {
        try Lab.run(
            """
            systemctl start keepd.socket
            is "$(prop ActiveState)" inactive
            is "$(stat -c %a /run/keepd/keepd.sock)" 660
            keepctl version
            is "$(prop ActiveState)" active
            until_ok programs keepctl status
            systemctl stop keepd
            no_process '^sleep 100'
            is "$(prop ActiveState)" inactive
            keepctl version
            is "$(prop ActiveState)" active
            systemctl stop keepd.socket keepd
            fails test -e /run/keepd/keepd.sock
            """,
            configuration: Self.two
        )
    }

    @Test func `the journal knows of each line whose it is and how urgent`() throws {
        let talker = """
            {"programs": {"talker": {"instances": 2, "restart": "never", "command": ["sh", "-c",
            "sleep 0.2; echo '<3>oh no'; echo more >&2; exec sleep 1000"]}}}
            """
        try Lab.run(
            """
            systemctl start keepd
            until_ok status status_is '2 of 2 running'
            entries() { journalctl -o json --no-pager "$@"; }
            until_ok lines eval '[[ $(entries KEEPD_STREAM=stdout | wc -l) == 2 ]]'
            line=$(entries KEEPD_PROGRAM=talker KEEPD_INSTANCE=1 KEEPD_STREAM=stdout)
            for field in '"MESSAGE":"oh no"' '"PRIORITY":"3"' '"SYSLOG_IDENTIFIER":"talker:1"' \\
                '"_SYSTEMD_UNIT":"keepd.service"' "\\"OBJECT_PID\\":\\"$(pid talker:1)\\""; do
                grep -qF "$field" <<< "$line" || { echo "no $field in $line" >&2; false; }
            done
            line=$(entries KEEPD_PROGRAM=talker KEEPD_INSTANCE=0 SYSLOG_IDENTIFIER=keepd PRIORITY=6)
            grep -F 'talker:0: running' <<< "$line"
            line=$(entries SYSLOG_IDENTIFIER=keepd PRIORITY=5)
            grep -F '"MESSAGE":"keepd ' <<< "$line"
            """,
            configuration: talker
        )
    }

    @Test func `there may be several daemons, and one for each user`() throws {
        try Lab.run(
            """
            sed 's/100/200/g' /etc/keepd/keepd.json > /etc/keepd/web.json
            useradd --create-home joe
            uid=$(id -u joe)
            install -D -o joe <(sed 's/100/300/g' /etc/keepd/keepd.json) \\
                /home/joe/.config/keepd/keepd.json
            systemctl start keepd keepd@web user@$uid
            as_joe() { runuser -u joe -- env XDG_RUNTIME_DIR=/run/user/$uid "$@"; }
            as_joe systemctl --user start keepd
            until_ok one status_is '2 of 2 running'
            until_ok two eval '[[ $(prop StatusText keepd@web) == "2 of 2 running" ]]'
            until_ok three eval '[[ $(as_joe keepctl status) == *RUNNING*RUNNING* ]]'
            keepctl -s /run/keepd-web/keepd.sock stop db
            test -d /var/lib/keepd-web
            systemctl stop keepd
            no_process '^sleep 100'
            pgrep -f 'sleep 2002'
            systemctl stop keepd@web
            as_joe systemctl --user stop keepd
            no_process '^sleep [23]00'
            """,
            configuration: Self.two
        )
    }
}
