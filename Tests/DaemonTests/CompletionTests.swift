import LinuxSystem
import SystemTypes
import Testing

/// What the shells offer when Tab is pressed.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct CompletionTests {
    private let daemon: RunningDaemon

    init() throws {
        daemon = try RunningDaemon(
            [
                "web": misbehave("--pause"),
                "worker": misbehave("--pause", settings: #""instances": 2"#),
            ],
            more: #""groups": {"site": ["web", "worker"]},"#
        )
        for shell in ["bash", "zsh", "fish"] {
            let run = try Run([Places.product("keepctl"), "--generate-completion-script", shell])
            #expect(run.status == .exited(0))
            try daemon.scratch.write(run.output, to: shell == "zsh" ? "_keepctl" : shell)
        }
    }

    private var path: String { "\(Places.products):\(Places.searchPath)" }

    /// What bash offers at the end of a line.
    private func bash(_ words: String...) throws -> [String] {
        let line = words.joined(separator: " ")
        let list = words.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            . \(daemon.scratch.path("bash"))
            COMP_WORDS=(\(list)) COMP_CWORD=\(words.count - 1)
            COMP_LINE='\(line)' COMP_POINT=\(line.utf8.count)
            _keepctl keepctl "${COMP_WORDS[COMP_CWORD]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let run = try Run(["bash", "-c", script], environment: ["PATH": path])
        return run.output.split(separator: "\n").map { $0.trimmingPrefix(" ") }
            .map { String($0.reversed().drop { $0 == " " }.reversed()) }
    }

    @Test func `bash offers commands, and the names that the keepd of the line knows`() throws {
        #expect(try bash("keepctl", "sta") == ["status", "start"])
        let names = try bash("keepctl", "-s", daemon.socketPath, "start", "w")
        #expect(names == ["web", "worker", "worker:0", "worker:1"])
        #expect(try bash("keepctl", "-s", daemon.socketPath, "stop", "s") == ["site"])
        #expect(try bash("keepctl", "-s", "/nowhere", "start", "w") == [])
        #expect(try bash("keepctl", "signal", "US") == ["USR1", "USR2"])
    }

    /// How each of them is told where the completions are, and to have a prompt that can be found.
    private static let preparations = [
        "zsh -f": "PS1='> '; fpath=($HOME $fpath); autoload -U compinit; compinit -u",
        "fish --no-config": "function fish_prompt; echo -n '> '; end; source $HOME/fish",
    ]

    @Test(arguments: preparations.keys.sorted())
    func `zsh and fish put in the name that is the only one`(shell: String) throws {
        let terminal = try Tmux(in: daemon.scratch)
        let variables = "HOME=\(daemon.scratch.path) KEEPD_SOCKET=\(daemon.socketPath)"
        try terminal.type("exec env \(variables) \(shell)", "Enter")
        try terminal.type("\(Self.preparations[shell] ?? ""); clear; echo ready", "Enter")
        try terminal.wait("the answer alone") { $0.first == "ready" }
        try terminal.type("keepctl restart we", "Tab")
        try terminal.wait(for: "> keepctl restart web")
        try terminal.type("", "Enter")
        try terminal.wait(for: "web: restarted")
    }
}
