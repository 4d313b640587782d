import Supervision
import Testing

@Suite struct IntentTests {
    private func program(
        _ name: String,
        instances: Int = 1,
        needs: [String] = []
    ) -> ProgramConfiguration {
        var program = ProgramConfiguration(name: name, command: [Template(pieces: [name])])
        program.instances = instances
        program.dependsOn = needs.map { Dependency(program: $0, condition: .started) }
        return program
    }

    private func configuration(_ programs: ProgramConfiguration...) -> Configuration {
        Configuration(programs: programs)
    }

    @Test func `what an operator says comes before what the file says`() {
        var intent = Intent(configuration(program("web"), program("db")))
        intent.scale("web", to: 4)
        intent.enable("db", false)
        #expect(intent.configuration.programs.map(\.instances) == [4, 1])
        #expect(intent.configuration.programs.map(\.autostart) == [true, false])
        #expect(intent.declared == configuration(program("web"), program("db")))
    }

    @Test func `a number that was asked for stays until the file has another`() {
        var intent = Intent(configuration(program("web")))
        intent.scale("web", to: 4)
        let same = intent.adopting(configuration(program("web"), program("db")))
        #expect(same.configuration.programs.map(\.instances) == [4, 1])
        let other = same.adopting(configuration(program("web", instances: 2)))
        #expect(other.configuration.programs.map(\.instances) == [2])
        let gone = same.adopting(configuration()).adopting(configuration(program("web")))
        #expect(gone.configuration.programs.map(\.instances) == [1])
    }

    @Test func `what is said of a program that is gone is meant when it comes back`() {
        var intent = Intent(configuration(program("web")))
        intent.enable("web", false)
        let back = intent.adopting(configuration()).adopting(configuration(program("web")))
        #expect(back.configuration.programs.map(\.autostart) == [false])
    }

    @Test func `settings that only a restart changes stay what they are`() {
        let intent = Intent(configuration())
        var new = configuration()
        new.daemon.stateDirectory = "/elsewhere"
        new.daemon.logDirectory = "/elsewhere"
        new.daemon.socket.path = "/elsewhere"
        new.daemon.shutdownTimeout = .seconds(1)
        let next = intent.adopting(new).keeping(whatNeedsRestartOf: intent)
        var expected = DaemonConfiguration()
        expected.shutdownTimeout = .seconds(1)
        #expect(next.declared.daemon == expected)
    }

    // MARK: - A part of a new configuration

    private func names(_ configuration: Configuration) -> [String] {
        configuration.programs.map(\.name)
    }

    @Test func `a program that is named is as the new configuration has it, and no other`() {
        let old = configuration(program("web"), program("db"), program("old"))
        let new = configuration(program("web", instances: 2), program("db", instances: 2))
        let mix = old.taking(["web"], from: new)
        #expect(mix.programs.map(\.instances) == [2, 1, 1])
        #expect(names(old.taking(["old"], from: new)) == ["web", "db"])
    }

    @Test func `what a program needs comes with it`() {
        let old = configuration(program("web"))
        let new = configuration(
            program("web"),
            program("app", needs: ["db"]),
            program("db"),
            program("other")
        )
        #expect(names(old.taking(["app"], from: new)) == ["web", "app", "db"])
    }

    @Test func `what needs a program goes or changes with it`() {
        let old = configuration(program("web", needs: ["db"]), program("db"))
        let mix = old.taking(["db"], from: configuration(program("web")))
        #expect(mix == configuration(program("web")))
    }

    @Test func `a change of the order is taken whole`() {
        let old = configuration(program("a", needs: ["b"]), program("b"))
        let new = configuration(program("a"), program("b", needs: ["a"]))
        #expect(old.taking(["b"], from: new) == new)
    }

    @Test func `who is named is in the groups of the new configuration`() {
        var old = configuration(program("a"), program("b"), program("c"))
        old.groups = [
            .init(name: "site", programs: ["a", "b"]), .init(name: "x", programs: ["c"]),
        ]
        var new = old
        new.groups = [
            .init(name: "site", programs: ["b"]), .init(name: "y", programs: ["a", "c"]),
        ]
        #expect(
            old.taking(["a"], from: new).groups == [
                .init(name: "site", programs: ["b"]), .init(name: "x", programs: ["c"]),
                .init(name: "y", programs: ["a"]),
            ]
        )
    }

    @Test func `taking what has not changed changes nothing, whatever its place in a group`() {
        var same = configuration(program("a"), program("b"))
        same.groups = [.init(name: "site", programs: ["b", "a"])]
        for names: Set<String> in [["a"], ["b"], ["a", "b"]] {
            #expect(same.taking(names, from: same) == same)
        }
    }
}
