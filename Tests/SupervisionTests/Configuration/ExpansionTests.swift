import Testing

@testable import Supervision

@Suite struct ExpansionTests {
    private let expansion = Expansion(
        environment: ["HOME": "/home/ada", "EMPTY": "", "X1_y": "z", "A": "${B}"],
        names: Expansion.Names(program: "web", group: "site")
    )

    @Test(
        arguments: [
            ("", [""]),
            ("plain $HOME $ $$ }{ $(x)", ["plain $HOME $ $$ }{ $(x)"]),
            ("${HOME}/x${X1_y}", ["/home/ada/xz"]),
            ("[${EMPTY}]", ["[]"]),
            ("${EMPTY:-d} ${NO:-d} ${HOME:-d} ${NO:-}", ["d d /home/ada "]),
            ("${NO:-a:-b c}", ["a:-b c"]),
            ("${NO:-${HOME}/${ALSO_NO:-x}}!", ["/home/ada/x!"]),
            ("${HOME:-${NO}}", ["/home/ada"]),
            ("$${HOME} $$${HOME}", ["${HOME} $${HOME}"]),
            ("${NO:-$${x}}", ["${x}"]),
            ("${A}", ["${B}"]),
            ("${program}.${group}", ["web.site"]),
            ("${instance}", ["", ""]),
            ("a${instance}b${instance}", ["a", "b", ""]),
            ("${NO:-x${instance}y}z", ["x", "yz"]),
        ] as [(String, [String])]
    )
    func `references are replaced, and all else is literal`(text: String, pieces: [String]) throws {
        #expect(try expansion.pieces(of: text) == pieces)
    }

    @Test(
        arguments: [
            ("${NO}", .notSet), ("${NO:-${NO2}}", .notSet), ("${instances}", .notSet),
            ("${}", .badReference), ("${1}", .badReference), ("${HOME:?x}", .badReference),
            ("${HOME-x}", .badReference), ("${ HOME }", .badReference), ("${é}", .badReference),
            ("${:-x}", .badReference),
            ("a ${HOME", .unclosedReference), ("${", .unclosedReference),
            ("${NO:-${HOME}", .unclosedReference),
        ] as [(String, ConfigurationError.Reason)]
    )
    func `anything else between braces is refused`(
        text: String,
        reason: ConfigurationError.Reason
    ) {
        #expect(objection(to: text)?.reason == reason)
    }

    @Test func `a name that is not set is suggested a name that is`() {
        #expect(objection(to: "${HOEM}")?.suggestion == "${HOME}")
        #expect(objection(to: "${instanc}")?.suggestion == "${instance}")
        #expect(objection(to: "${SOMETHING_ELSE}")?.suggestion == nil)
    }

    @Test func `defaults in defaults end somewhere`() {
        let nested =
            String(repeating: "${NO:-", count: 10_000) + String(repeating: "}", count: 10_000)
        #expect(objection(to: nested)?.reason == .nestedTooDeep(limit: 16))
    }

    private func objection(to text: String) -> Objection? {
        do {
            let pieces = try expansion.pieces(of: text)
            Issue.record("\(pieces)")
            return nil
        } catch {
            return error
        }
    }
}
