import LinuxSystem
import SystemPackage
import SystemTypes
import Testing

/// What /proc says about processes.
@Suite struct ProcessTableTests {
    @Test func `a descriptor is named by what it leads to`() throws {
        let pipe = try Pipe()
        let null = try Files.openNull()
        let reading = ProcessTable.openFile(pipe.reading.raw, of: ProcessTable.current)
        #expect(reading?.hasPrefix("pipe:[") == true)
        #expect(ProcessTable.openFile(pipe.writing.raw, of: ProcessTable.current) == reading)
        #expect(ProcessTable.openFile(null.raw, of: ProcessTable.current) == "/dev/null")
    }

    @Test func `a descriptor that is closed leads nowhere`() throws {
        #expect(ProcessTable.openFile(1_000_000, of: ProcessTable.current) == nil)
        #expect(ProcessTable.openFile(0, of: ProcessID(rawValue: 0x3fff_ffff)) == nil)
    }
}
