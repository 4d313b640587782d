import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite struct FileReplacementTests {
    private let directory = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString

    @Test func `a file has the new content and mode, and nothing else is left`() throws {
        try Files.makeDirectories(directory, mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for content in ["one", "another"] {
            try Files.replace("\(directory)/f", with: Array(content.utf8), mode: 0o600)
            #expect(try Files.read("\(directory)/f", bytesMax: 100) == Array(content.utf8))
        }
        #expect(Files.mode(of: "\(directory)/f") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["f"])
    }

    @Test func `what cannot be replaced is as it was, and nothing else is left`() throws {
        try Files.makeDirectories("\(directory)/f", mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(throws: Errno.isDirectory) {
            try Files.replace("\(directory)/f", with: [1], mode: 0o600)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["f"])
    }
}
