import SystemTypes
import Testing

@Suite struct SpellingTests {
    @Test(arguments: [
        ("TREM", "TERM"), ("TER", "TERM"), ("TERRM", "TERM"), ("TARM", "TERM"),
        ("comand", "command"), ("succesExitCode", "successExitCodes"), ("größ", "größe"),
    ])
    func `a slip of the finger is understood`(word: String, meant: String) {
        let candidates = ["KILL", "TERM", "command", "successExitCodes", "größe"]
        #expect(Spelling.closest(to: word, among: candidates) == meant)
    }

    @Test(arguments: ["", "abc", "TEXT-MODE", "dnammoc", String(repeating: "a", count: 1_000_000)])
    func `nothing is suggested when nothing is near`(word: String) {
        #expect(Spelling.closest(to: word, among: ["KILL", "TERM", "command"]) == nil)
    }

    @Test func `the first of equally near words is suggested, a nearer one before it`() {
        #expect(Spelling.closest(to: "cat", among: ["bat", "hat"]) == "bat")
        #expect(Spelling.closest(to: "backof", among: ["hackoff", "backoff"]) == "backoff")
    }
}
