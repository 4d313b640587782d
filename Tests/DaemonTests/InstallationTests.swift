import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// What `make install` puts where, from the programs under test.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct InstallationTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try make("install")
    }

    private func make(_ target: String) throws {
        let variables = [
            "BUILD=\(Places.products)", "DESTDIR=\(scratch.path("root"))", "PREFIX=/usr",
        ]
        let command = ["make", "--silent", "-C", Places.repository, target]
        let run = try Run(command + variables)
        #expect(run.status == .exited(0), "\(run.output)\(run.error)")
    }

    private func installed(_ path: String) -> String { scratch.path("root/usr/\(path)") }

    private var files: [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: scratch.path("root"))) ?? []
    }

    @Test func `programs, pages, completions, units, schema and examples are there`() throws {
        let version = try Run([installed("bin/keepctl"), "--version"])
        #expect(version.output == "\(Release.version)\n", "\(version.error)")
        #expect(Files.mode(of: installed("bin/keepd")) == 0o755)
        var expected = [
            "bin/keepd", "bin/keepctl", "share/keepd/keepd.schema.json",
            "share/man/man8/keepd.8", "share/man/man1/keepctl.1", "share/man/man5/keepd.json.5",
            "share/doc/keepd/examples/minimal.json",
        ]
        for name in ["keepd", "keepctl"] {
            expected += [
                "share/bash-completion/completions/\(name)", "share/zsh/site-functions/_\(name)",
                "share/fish/vendor_completions.d/\(name).fish",
            ]
        }
        let units = try? FileManager.default.contentsOfDirectory(atPath: Places.file("systemd"))
        expected += (units ?? []).filter { $0.hasSuffix(".service") || $0.hasSuffix(".socket") }
            .map { "lib/systemd/system/\($0)" }
        #expect(expected.filter { !files.contains("usr/\($0)") } == [])
    }

    @Test func `all that was installed is removed, and nothing else`() throws {
        try scratch.write("", to: "root/usr/bin/mine")
        try make("uninstall")
        let left = try Run(["find", scratch.path("root"), "-type", "f"]).output
        #expect(left == scratch.path("root/usr/bin/mine") + "\n")
        #expect(!files.contains("usr/share/keepd") && !files.contains("usr/share/doc/keepd"))
    }

    @Test(arguments: ["man8/keepd.8", "man1/keepctl.1", "man5/keepd.json.5"])
    func `a manual page has no mistakes`(page: String) throws {
        let path = installed("share/man/\(page)")
        let lint = try Run(["mandoc", "-T", "lint", "-W", "warning", path])
        #expect(lint.status == .exited(0), "\(lint.output)\(lint.error)")
        let holes = scratch.lines(of: "root/usr/share/man/\(page)").filter { $0.hasPrefix(".\\\"") }
        #expect(holes == [])
    }

    @Test func `the pages tell of every command and of every key`() throws {
        let commands = try #require(
            try Run([Places.product("keepctl"), "--help"]).output
                .components(separatedBy: "SUBCOMMANDS:\n").dropFirst().joined()
                .split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
                .compactMap { $0.split(separator: " ").first } as [Substring]?
        ).filter { $0 != "See" }
        let page = scratch.lines(of: "root/usr/share/man/man1/keepctl.1")
        #expect(commands.count > 30)
        for command in commands {
            #expect(page.contains { "\($0) ".hasPrefix(".It Ic \(command) ") }, "\(command)")
        }
        let keys = scratch.lines(of: "root/usr/share/man/man5/keepd.json.5")
        for key in ["daemon.access[].role", "groups", "stop.timeout", "stdout.maxSize", "hooks"] {
            let words = key.replacing(".", with: "\\&.")
                .replacing("[", with: "\\&[").replacing("]", with: "\\&]")
            #expect(keys.contains(".It Cm \(words)"), "\(key)")
        }
    }
}
