import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

/// A directory of its own, with files in it.
@Suite final class DirectoryTests {
    private let root: String

    init() throws {
        var template = Array("/tmp/keepd-directory-XXXXXX".utf8CString)
        root = String(cString: try #require(mkdtemp(&template)))
    }

    deinit {
        var command = Array("rm -rf \(root)".utf8CString)
        system(&command)
    }

    @Test func `directories that are missing are made, and files in them`() throws {
        let directory = try Directory.make("\(root)/a/b", beneath: root, mode: 0o700)
        let file = try directory.openForAppending("log", making: 0o604)
        #expect(Files.mode(of: "\(root)/a/b") == 0o700)
        #expect(Files.mode(of: "\(root)/a/b/log") == 0o604)
        let status = try file.status
        #expect(status.links == 1 && status.kind == .regular)
        #expect(throws: Errno.fileExists) {
            _ = try directory.openForAppending("log", making: 0o604)
        }
        try directory.rename("log", to: "log.1")
        let names = try directory.names(beginningWith: "log.")
        #expect(names == ["log.1"])
        let renamed = try directory.status(of: "log.1")
        #expect(renamed?.identity == status.identity)
        try directory.remove("log.1")
        let (removed, links) = (try directory.status(of: "log.1"), try file.status.links)
        #expect(removed == nil && links == 0)
    }

    @Test func `a symbolic link is followed within the root alone, and never to a file`() throws {
        _ = try Directory.make("\(root)/in/side", beneath: root, mode: 0o700)
        symlink("in", "\(root)/inner")
        symlink("/tmp", "\(root)/outer")
        symlink("in", "\(root)/in/side/log")
        _ = try Directory("\(root)/inner/side", beneath: root)
        #expect(throws: Errno.improperLink) { _ = try Directory("\(root)/outer", beneath: root) }
        #expect(throws: Errno.improperLink) {
            _ = try Directory.make("\(root)/outer/new", beneath: root, mode: 0o700)
        }
        let directory = try Directory("\(root)/in/side")
        #expect(throws: Errno.tooManySymbolicLinkLevels) {
            _ = try directory.openForAppending("log")
        }
        #expect(throws: Errno.tooManySymbolicLinkLevels) { _ = try directory.openForReading("log") }
    }

    @Test func `a FIFO is never waited for`() throws {
        mkfifo("\(root)/fifo", 0o600)
        let directory = try Directory(root)
        #expect(throws: Errno.noSuchAddressOrDevice) { _ = try directory.openForAppending("fifo") }
        let reader = try directory.openForReading("fifo")
        let writer = try directory.openForAppending("fifo")
        _ = try [UInt8(1)].withUnsafeBytes { try writer.write($0) }
        let count = try reader.bytesWaiting
        #expect(count == 1)
    }
}
