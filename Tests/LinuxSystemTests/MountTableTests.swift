import Testing

@testable import LinuxSystem

@Suite struct MountTableTests {
    private static let table = MountTable(
        text: #"""
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            23 22 0:21 / /proc rw,nosuid shared:5 - proc proc rw
            40 22 8:17 / /var/log rw - xfs /dev/sdb1 rw
            41 22 0:50 / /mnt/with\040space\134 rw - nfs4 host:/ rw
            42 22 0:51 / /mnt/twice rw - tmpfs tmpfs rw
            43 42 0:52 / /mnt/twice rw - tmpfs tmpfs rw
            """#
    )

    @Test(arguments: [
        ("/", "8:1"), ("/srv/web.log", "8:1"), ("/var/log", "8:17"), ("/var/log/web.log", "8:17"),
        ("/var/logs/web.log", "8:1"), ("/mnt/with space\\/a/b", "0:50"), ("/mnt/twice/a", "0:52"),
    ])
    func `a path is on what is mounted nearest above it, and last`(path: String, device: String) {
        #expect(MountTableTests.table.device(of: path) == device)
    }

    @Test func `the machine's own table says where a path is`() throws {
        let table = try MountTable()
        #expect(table.device(of: "/proc/self/status") != table.device(of: "/"))
        #expect(!table.device(of: "/").isEmpty)
    }
}
