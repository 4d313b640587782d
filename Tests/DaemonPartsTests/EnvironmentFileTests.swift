import Testing

@testable import Daemon

@Suite struct EnvironmentFileTests {
    private func variables(_ text: String) -> [String] {
        EnvironmentFile(text).variables.map { "\($0.name)=\($0.value)" }
    }

    @Test(arguments: [
        ("A=b", "A=b"),
        ("A = b c  \n", "A=b c"),
        ("A=", "A="),
        ("A='b # \\ \" c'", "A=b # \\ \" c"),
        (#"A="b \"c\" \$d \e""#, #"A=b "c" $d \e"#),
        ("A=\"b\nc\"", "A=b\nc"),
        ("A='b'\"c\"", "A=bc"),
        ("A=b'c'", "A=b'c'"),
        (##"A=b\ \#c\\"##, ##"A=b #c\"##),
        ("A=b\\\nc", "A=bc"),
        ("A=b\\ \n", "A=b "),
        ("A=b=c", "A=b=c"),
        ("A=b\r\n", "A=b"),
        ("A='open", "A=open"),
    ])
    func `a value is read as systemd reads it`(text: String, variable: String) {
        #expect(variables(text) == [variable])
    }

    @Test func `comments and what is no variable are passed over`() {
        let text = "\n# A=1\n; B=2\n# C \\\nD=4\nno\nE=5\n2F=6\n G-H=7\n\n  I=8"
        #expect(variables(text) == ["E=5", "I=8"])
    }

    @Test(arguments: [
        ("\n# A=1\n; B=2\n# C \\\nD=4\nno\nE=5\n2F=6\n G-H=7\n\n  I=8", [6, 8, 9]),
        ("export A=1", [1]),
        ("A='1\n2'\nB=1 \\\n2\nno\n=1", [5, 6]),
        ("A=1\n \t\r\n", []),
    ])
    func `a line that is no variable is known by its number`(text: String, lines: [Int]) {
        #expect(EnvironmentFile(text).unread == lines)
    }

    @Test func `the last of two stays the last`() {
        #expect(variables("A=1\nA=2\n") == ["A=1", "A=2"])
    }
}
