import ArgumentParser
import Testing

@testable import keepctl

/// What the prompt makes of what is typed.
@Suite struct PromptTests {
    @Test(arguments: [
        ("", []), ("status", ["status"]), ("  start  web  ", ["start", "web"]),
        (#"send game "say hi" 'a "b" \'"#, ["send", "game", "say hi", #"a "b" \"#]),
        (#"send game a\ b "c\"d""#, ["send", "game", "a b", #"c"d"#]),
        (#"send game "" x"#, ["send", "game", "", "x"]), (#"x"y"'z'"#, ["xyz"]),
        ("# don't", []), ("  #status", []), ("send irc #go", ["send", "irc", "#go"]),
    ])
    func `a line is cut as a shell cuts it`(line: String, words: [String]) {
        let typed = TypedLine(line)
        #expect(typed.words == words && !typed.isOpen)
    }

    @Test(arguments: [#"send "a"#, "send 'a", #"send a\"#])
    func `a quote without end is noticed`(line: String) {
        #expect(TypedLine(line).isOpen)
    }

    private let completion = PromptCompletion(
        commands: ["start", "status", "stop", "signal", "version", "help"],
        names: { ["web:0", "web:1", "db", "all"] },
        signals: ["HUP", "TERM"]
    )

    @Test(arguments: [
        ("v", "ersion ", []), ("st", "", ["start", "status", "stop"]),
        ("sta", "", ["start", "status"]),
        ("star", "t ", []), ("x", "", []), ("start d", "b ", []), ("start w", "eb:", []),
        ("start web:", "", ["web:0", "web:1"]), ("start db a", "ll ", []),
        ("signal H", "UP ", []), ("signal HUP d", "b ", []), ("version w", "", []),
        ("help ver", "sion ", []), ("start ", "", ["all", "db", "web:0", "web:1"]),
    ])
    func `a line goes on with what can be meant`(line: String, insertion: String, list: [String]) {
        let answer = completion.answer(to: line)
        #expect(answer.insertion == insertion && answer.list == list)
    }

    @Test func `the commands are those of the command line`() {
        let names = Keepctl.commandNames
        // One that does not say its own costs every start of keepctl two million instructions.
        let all = Keepctl.configuration.groupedSubcommands.flatMap(\.subcommands)
        #expect(all.filter { $0.configuration.commandName == nil }.isEmpty)
        #expect(Set(["status", "top", "fg", "maintail", "help", "apply"]).isSubset(of: names))
    }
}
