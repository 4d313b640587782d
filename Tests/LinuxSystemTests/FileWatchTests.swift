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

    @Test func `a file that is written to has changed, and its neighbour has not`() throws {
        try withDirectory { directory in
            _ = try runShell("touch \(directory)/a \(directory)/b")
            var watch = try FileWatch()
            try watch.add("\(directory)/a")
            #expect(try watch.next() == .init())
            _ = try runShell("echo x >> \(directory)/b")
            #expect(try watch.next() == .init())
            _ = try runShell("echo x >> \(directory)/a")
            #expect(try watch.next() == .init(paths: ["\(directory)/a"]))
            #expect(try watch.next() == .init())
        }
    }

    @Test func `a file that is replaced is watched on, and so is one that comes later`() throws {
        try withDirectory { directory in
            let file = "\(directory)/a"
            var watch = try FileWatch()
            try watch.add(file)
            for command in [
                "touch \(file)", "echo y > \(file).new; mv \(file).new \(file)", "rm \(file)",
                "touch \(file)",
            ] {
                _ = try runShell(command)
                #expect(try watch.next() == .init(paths: [file]), "\(command)")
            }
        }
    }

    @Test func `a directory has changed when one of its entries has`() throws {
        try withDirectory { directory in
            var watch = try FileWatch()
            try watch.add(directory)
            try watch.add("\(directory)/a")
            _ = try runShell("touch \(directory)/b")
            #expect(try watch.next() == .init(paths: [directory]))
            _ = try runShell("touch \(directory)/a")
            #expect(try watch.next() == .init(paths: [directory, "\(directory)/a"]))
        }
    }

    @Test(arguments: [true, false])
    func `who loses the directory of a file is told`(isRemoved: Bool) throws {
        try withDirectory { directory in
            let file = "\(directory)/a"
            var watch = try FileWatch()
            try watch.add(file)
            _ = try runShell(
                isRemoved ? "rm -rf \(directory)" : "mv \(directory) \(directory).moved"
            )
            #expect(try watch.next() == .init(paths: [file], lost: [file]))
            _ = try runShell("test -d \(directory).moved && touch \(directory).moved/a")
            #expect(try watch.next() == .init())
        }
    }

    @Test func `what has no directory cannot be watched`() throws {
        var watch = try FileWatch()
        var failure: Errno?
        do { try watch.add("/nowhere/a") } catch { failure = error }
        #expect(failure == .noSuchFileOrDirectory)
    }

    @Test func `a poller sees a change`() throws {
        try withDirectory { directory in
            var watch = try FileWatch()
            try watch.add(directory)
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
