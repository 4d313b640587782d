import Supervision
import SystemTypes
import Testing

@Suite struct EnabledProgramsTests {
    private func read(_ text: String) -> EnabledPrograms.Reading {
        EnabledPrograms.read(Array(text.utf8), file: "/s/enabled.json")
    }

    @Test func `what was written is read`() {
        for choices in [[:], ["web": true], ["b": false, "a.b": true, "c": false]] {
            let programs = EnabledPrograms(choices: choices)
            let reading = EnabledPrograms.read(programs.bytes, file: "x")
            #expect(reading.programs == programs)
            #expect(reading.problems == [])
        }
    }

    @Test func `the file can be read by a person, and is the same for the same choices`() {
        let programs = EnabledPrograms(choices: ["web": true, "db": false])
        #expect(
            String(decoding: programs.bytes, as: UTF8.self) == """
                {
                  "version": 1,
                  "programs": {
                    "db": false,
                    "web": true
                  }
                }

                """
        )
    }

    @Test func `without a choice the configuration counts`() {
        var web = ProgramConfiguration(name: "web", command: ["x"])
        let programs = EnabledPrograms(choices: ["db": false])
        #expect(programs.starts(web))
        web.autostart = false
        #expect(!programs.starts(web))
        #expect(EnabledPrograms(choices: ["web": true]).starts(web))
        #expect(!programs.starts(ProgramConfiguration(name: "db", command: ["x"])))
    }

    @Test(arguments: [
        ("", "1:1: cannot read this file: expected a value, found the end of the file"),
        (
            "{\"version\": 1, \"programs\"",
            #"1:26: cannot read this file: expected ":", found the end of the file"#
        ),
        ("[]", "1:1: cannot use this array: expected an object"),
        ("{}", #"1:1: cannot use this object: no key "version""#),
        (
            #"{"version": 2, "programs": {"a": true}}"#,
            "1:13: version: cannot use 2: expected 1 to 1"
        ),
        (#"{"version": 1, "programs": 5}"#, "1:28: programs: cannot use 5: expected an object"),
    ])
    func `a broken file says nothing, and it is said why`(text: String, problem: String) {
        let reading = read(text)
        #expect(reading.programs == EnabledPrograms())
        #expect(reading.problems.map(\.description) == ["/s/enabled.json:\(problem)"])
    }

    @Test func `what can be understood counts`() {
        let reading = read(
            #"{"version": 1, "programs": {"a": true, "b": "no", "c": false}, "x": 1}"#
        )
        #expect(reading.programs.choices == ["a": true, "c": false])
        #expect(
            reading.problems.map(\.description) == [
                #"/s/enabled.json:1:45: programs.b: cannot use "no": expected true or false"#
            ]
        )
    }

    @Test func `no damage traps the reader`() {
        var random = SplitMix64(seed: 3)
        let bytes = EnabledPrograms(choices: ["web": true, "db": false]).bytes
        for _ in 0..<500 {
            let reading = EnabledPrograms.read(Mutation.of(bytes, using: &random), file: "x")
            let again = EnabledPrograms.read(reading.programs.bytes, file: "x")
            #expect(again.programs == reading.programs)
            #expect(again.problems == [])
        }
    }
}
