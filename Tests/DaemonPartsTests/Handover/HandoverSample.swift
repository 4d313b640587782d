import ControlProtocol
import Supervision
import SystemTypes

@testable import Daemon

/// A handover in which nearly all is there that can be.
enum HandoverSample {
    private static let web = InstanceID(program: "web", number: 0)
    private static let db = InstanceID(program: "db", number: 0)
    private static let process = ProcessID(rawValue: 4_242)

    static func make() throws -> Handover {
        let configuration = try configuration()
        var intent = Intent(configuration)
        intent.scale("web", to: 2)
        intent.enable("db", false)
        var sample = Handover(
            process: ProcessID(rawValue: 4_000),
            configurationPath: "keepd.json",
            openFilesMax: 1_024,
            intent: intent,
            supervisor: supervisor(intent.configuration).state,
            control: ControlState(path: "/run/keepd.sock", listener: 5)
        )
        sample.host = host(configuration.programs[0])
        sample.control.connections = [
            ConnectionState(
                descriptor: 30,
                received: Blob(Array("{\"met".utf8)),
                call: PendingCall(
                    message: Blob(Array("{}".utf8)),
                    rest: .order(
                        PendingOrder(
                            targets: [OrderWatch.Target(id: web, name: "web:0", aim: .up)],
                            outcomes: [Outcome(name: "web:1", state: .running, pid: 9)],
                            deadline: .zero + .seconds(100),
                            answer: .outcomes
                        )
                    )
                )
            )
        ]
        return sample
    }

    private static func configuration() throws -> Configuration {
        var web = ProgramConfiguration(name: "web", command: ["web", "--port"])
        web.environment = ["NAME": Template(pieces: ["web-", ""])]
        web.dependsOn = [Dependency(program: "db", condition: .ready)]
        web.policy.readiness = .probed(ProbePolicy())
        web.policy.health = HealthPolicy(check: .watchdog(.seconds(30)))
        web.policy.restart.retries = 5
        web.ready = .probe(.tcp("127.0.0.1:80"))
        web.limits.resources = [.openFiles: ResourceLimit(soft: 64, hard: nil)]
        web.hooks = [.running: ["notify", "up"]]
        web.sockets = [ListeningSocket(name: "http", address: .unix("/run/web.sock"))]
        web.stdout = .file("/var/log/web.log")
        web.stderr = .sameAsStdout
        web.stdoutLog.maxSize = 10_000_000
        var nightly = ProgramConfiguration(name: "nightly", command: ["nightly"])
        nightly.policy.kind = .scheduled
        nightly.schedule = Schedule(try CronExpression("30 4 * * mon-fri"))
        var daemon = DaemonConfiguration()
        daemon.logDirectory = "/var/log"
        let db = ProgramConfiguration(name: "db", command: ["db"])
        return Configuration(
            daemon: daemon,
            programs: [web, db, nightly],
            groups: [Configuration.Group(name: "site", programs: ["web", "db"])]
        )
    }

    private static func supervisor(_ configuration: Configuration) -> Supervisor {
        var supervisor = Supervisor(configuration, seed: 7, at: .zero)
        let ann = Requester.peer(user: "ann", uid: 1_000, process: nil, command: "keepctl")
        func handle(_ event: Supervisor.Event, _ seconds: Int) {
            _ = supervisor.handle(event, at: .zero + .seconds(seconds))
        }
        handle(.begin, 1)
        handle(.order(.start, web, by: ann), 1)
        let first = Incarnation(instance: db, serial: 1)
        handle(.spawned(first, process), 2)
        handle(.exited(first, .exited(1), survivors: 0), 3)
        handle(.deadlineReached, 10)
        handle(.spawned(Incarnation(instance: db, serial: 2), process), 11)
        handle(.deadlineReached, 20)
        handle(.spawned(Incarnation(instance: web, serial: 1), process), 21)
        handle(.deadlineReached, 22)
        handle(.rollingRestart([db], by: ann), 23)
        return supervisor
    }

    private static func host(_ program: ProgramConfiguration) -> HostState {
        let run = Incarnation(instance: web, serial: 1)
        var host = HostState()
        host.runs = [
            RunState(
                incarnation: run,
                first: process,
                child: 7,
                appointed: ProcessState(process: ProcessID(rawValue: 4_243), descriptor: 8),
                mains: [process],
                stage: .ended(.signaled(.kill, coreDumped: true)),
                signalled: 4_242
            )
        ]
        var memory = StreamMemory()
        memory.ring = Blob([0, 10, 34, 92, 127, 128, 255])
        memory.output.unfinished = Blob(Array("hal".utf8))
        host.outputs = [
            OutputsState(
                wiring: Wiring(program, instance: 0),
                stdin: 10,
                stdout: OutputState(descriptor: 11, reading: 12, memory: memory),
                input: InputState(descriptor: 13, unsent: Blob([1])),
                terminal: 14
            )
        ]
        host.trees.home = CgroupHomeState(base: "/sys/fs/cgroup/a", handedOn: ["memory"])
        host.trees.cgroups = [CgroupTreeState(instance: web, isSpent: true)]
        host.trees.outlets = [TreesState.Outlet(name: "pipe:[1]", instance: web)]
        let errand = ErrandState(process: ProcessState(process: process, descriptor: 20))
        host.attendants.sockets = [
            SocketState(program: "web", configured: program.sockets[0], descriptor: 21)
        ]
        host.attendants.notify = NotifyState(address: "@keepd", descriptor: 22)
        host.attendants.readyPipes = [ReadyPipeState(instance: web, descriptor: 23)]
        host.attendants.stopCommands = [StopCommandState(incarnation: run, errand: errand)]
        host.attendants.hooks = [HookState(title: "web: hook running", errand: errand)]
        host.attendants.watches = [WatchState(program: "web", descriptor: 24)]
        return host
    }
}
