import Testing

@testable import Migration

@Suite struct ProcfileTests {
    private let desk = Desk()

    @Test func `each line is a program that a shell runs`() throws {
        let migration = try desk.migrate(
            """
            # What runs
            web: bin/serve -p $PORT --tag ${TAG}

            worker-1: bin/work: now
            api: PORT=1 x
            """,
            file: "/srv/app/Procfile"
        )
        #expect(
            desk.member("programs", of: migration) == """
                { "web": { "command": ["/bin/sh", "-c", "bin/serve -p $PORT --tag $${TAG}"], \
                "environment": {"PORT": "5000"} }, \
                "worker-1": {"command": ["/bin/sh", "-c", "bin/work: now"]}, \
                "api": { "command": ["/bin/sh", "-c", "PORT=1 x"], \
                "environment": {"PORT": "5200"} } }
                """
        )
        let defaults = #"{"directory": "/srv/app", "environmentFile": "-/srv/app/.env"}"#
        #expect(desk.member("defaults", of: migration) == defaults)
        #expect(migration.warnings == [])
    }

    @Test func `a name that keepd does not take is told`() throws {
        #expect(try desk.warnings("_a: x") == ["/etc/supervisord.conf:1: _a: is p_a in keepd"])
    }

    @Test(arguments: ["nonsense", ": x"])
    func `what is no such line says where`(line: String) {
        let message = desk.failure("# a\n\(line)", file: "/a/Procfile")
        #expect(message == "/a/Procfile:2: expected NAME: COMMAND")
    }
}
