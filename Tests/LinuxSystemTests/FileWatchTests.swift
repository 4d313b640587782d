import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite struct FileWatchTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/keepd-test-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        let path = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
        defer { _ = try? runShell("rm -rf \(path) \(path).moved") }
        try body(path)
    }

    private typealias Subject = FileWatch.Subject

    private static let content = changes(content: true, way: false)
    private static let both = changes(content: true, way: true)
    private static let way = changes(content: false, way: true)

    private static func changes(content: Bool, way: Bool) -> FileWatch.Changes {
        var changes = FileWatch.Changes()
        (changes.isContentOther, changes.isWayOther) = (content, way)
        return changes
    }

    @Test func `a file that is written to has changed, and its neighbour has not`() throws {
        try withDirectory { directory in
            _ = try runShell("touch \(directory)/a \(directory)/b")
            var watch = try FileWatch()
            try watch.watch([Subject(directory, name: "a", .content)])
            #expect(try watch.next() == .init())
            _ = try runShell("echo x >> \(directory)/b; touch \(directory)/c")
            #expect(try watch.next() == .init())
            _ = try runShell("echo x >> \(directory)/a")
            #expect(try watch.next() == Self.content)
            #expect(try watch.next() == .init())
        }
    }

    @Test func `a file that is replaced is watched on, and so is one that comes later`() throws {
        try withDirectory { directory in
            let file = "\(directory)/a.yml"
            var watch = try FileWatch()
            try watch.watch([Subject(directory, name: "*.y?l", .content)])
            for command in [
                "touch \(file)", "echo y > \(file).new; mv \(file).new \(file)", "rm \(file)",
                "touch \(file)",
            ] {
                _ = try runShell(command)
                #expect(try watch.next() == Self.both, "\(command)")
            }
        }
    }

    @Test func `of all entries none is left out, and of those on the way only that they come`()
        throws
    {
        try withDirectory { directory in
            var watch = try FileWatch()
            try watch.watch([
                Subject(directory, name: nil, .content), Subject("/nowhere", name: nil, .content),
            ])
            _ = try runShell("touch \(directory)/.b")
            #expect(try watch.next() == Self.both)
            var other = try FileWatch()
            try other.watch([Subject(directory, name: "*", .way)])
            _ = try runShell("echo x >> \(directory)/.b; touch \(directory)/.c")
            #expect(try other.next() == .init())
            _ = try runShell("mkdir \(directory)/d")
            #expect(try other.next() == Self.way)
        }
    }

    @Test(arguments: [true, false])
    func `who loses a directory is told, and that once`(isRemoved: Bool) throws {
        try withDirectory { directory in
            var watch = try FileWatch()
            try watch.watch([Subject(directory, name: "a", .content)])
            _ = try runShell(
                isRemoved ? "rm -rf \(directory)" : "mv \(directory) \(directory).moved"
            )
            #expect(try watch.next() == Self.way)
            _ = try runShell("test -d \(directory).moved && touch \(directory).moved/a")
            #expect(try watch.next() == .init())
        }
    }

    @Test func `what is watched no more is not told of, and what is again is`() throws {
        try withDirectory { directory in
            var watch = try FileWatch()
            let subject = Subject(directory, name: "a", .content)
            try watch.watch([subject])
            try watch.watch([])
            _ = try runShell("touch \(directory)/a")
            #expect(try watch.next() == .init())
            try watch.watch([subject])
            _ = try runShell("echo x > \(directory)/a")
            #expect(try watch.next() == Self.content)
        }
    }

    @Test func `a poller sees a change`() throws {
        try withDirectory { directory in
            var watch = try FileWatch()
            try watch.watch([Subject(directory, name: nil, .content)])
            let epoll = try Epoll(capacity: 1)
            try epoll.add(watch.raw, for: .read, token: 7)
            _ = try runShell("touch \(directory)/a")
            var tokens: [UInt64] = []
            try epoll.wait(timeout: nil) { token, _ in tokens.append(token) }
            #expect(tokens == [7])
        }
    }

    @Test func `records of the kernel are read, with and without a name`() {
        let named: [UInt8] =
            [1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0] + [97, 98, 0, 0]
        let bare: [UInt8] = [255, 255, 255, 255, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(
            FileEvent.all(in: (named + bare)[...]) == [
                FileEvent(watch: 1, mask: 258, name: "ab"),
                FileEvent(watch: -1, mask: 0x4000, name: nil),
            ]
        )
        for count in 0..<named.count { #expect(FileEvent.all(in: named[..<count]).isEmpty) }
    }
}
