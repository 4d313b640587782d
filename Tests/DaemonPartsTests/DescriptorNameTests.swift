import Glibc
import LinuxSystem
import Supervision
import SystemPackage
import Testing

@testable import Daemon

@Suite struct DescriptorNameTests {
    private static let web = InstanceID(program: "web", number: 0)

    @Test(arguments: [
        (DescriptorName.control, "control"),
        (.ledger, "ledger"),
        (.state, "state"),
        (.notify, "notify"),
        (.ready(web), "web/0/ready"),
        (.process(web), "web/0/process"),
        (.input(web, .reading), "web/0/stdin/reading"),
        (.output(StreamID(instance: web, channel: .stdout), .reading), "web/0/stdout/reading"),
        (.output(StreamID(instance: web, channel: .stderr), .writing), "web/0/stderr/writing"),
        (.backlog(StreamID(instance: web, channel: .stdout)), "web/0/stdout/backlog"),
        (.terminal(InstanceID(program: "a.b_c@d-e", number: 12)), "a.b_c@d-e/12/terminal"),
        (.socket(program: "web", instance: nil, name: "http"), "web/-/socket/http"),
        (.socket(program: "web", instance: 3, name: "a/b c//"), "web/3/socket/a/b c//"),
        (.process(InstanceID(program: "control", number: 0)), "control/0/process"),
    ])
    func `a name is said and read back`(name: DescriptorName, text: String) {
        #expect(name.description == text)
        #expect(DescriptorName(text) == name)
    }

    @Test(arguments: [
        "", "stored", "control/", "web/0", "web//process", "web/-/process", "web/00/process",
        "web/+1/process", "web/x/process", "web/0/process/", "web/0/processes", "web/0/stdout",
        "web/0/stdout/both", "web/0/stdout/reading/", "web/0/stdin/backlog", "web/0/stdin",
        "web/0/socket",
        "web/x/socket/a",
    ])
    func `a text that is nobody's name is none`(text: String) {
        #expect(DescriptorName(text) == nil)
    }

    @Test func `the longest names of all but sockets can be kept`() {
        let id = InstanceID(program: String(repeating: "x", count: 64), number: .max)
        let name = DescriptorName.output(StreamID(instance: id, channel: .stdout), .reading)
        #expect(name.description.utf8.count <= DescriptorName.bytesMax)
    }

    @Test func `kept descriptors are taken once, the first of a name, and the rest are closed`()
        throws
    {
        var (readers, writers) = ([CInt](), [CInt]())
        for _ in 0..<4 {
            try Pipe().split { reading, writing throws(Errno) in
                try reading.setNonBlocking(true)
                readers.append(reading.release())
                writers.append(writing.release())
            }
        }
        defer { readers.forEach { close($0) } }
        var kept: KeptDescriptors? = KeptDescriptors(adopting: [
            (.control, writers[0]), (.control, writers[1]), (nil, writers[2]),
            (.ledger, writers[3]),
        ])
        #expect(kept?.names == [.control, .ledger])
        #expect(kept?.take(.control)?.release() == writers[0])
        #expect(kept?.take(.control)?.release() == nil)
        kept = nil
        #expect(readers.map(hasNoWriter) == [false, true, true, true])
        close(writers[0])
    }

    private func hasNoWriter(_ reader: CInt) -> Bool {
        var byte: UInt8 = 0
        return read(reader, &byte, 1) == 0
    }
}
