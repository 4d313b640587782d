import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import Testing

#if arch(x86_64)
private let epollControl: UInt32 = 233
#else
private let epollControl: UInt32 = 21
#endif

/// Has each further call of epoll_ctl(2) by this process fail with ENOSPC, for ever.
///
/// Source: syscalls(2); seccomp(2), `SECCOMP_SET_MODE_FILTER`; the program is one of bpf(4), eight bytes each.
private func refuseToWatch() throws {
    typealias Prctl = @convention(c) (CInt, UInt, UInt, UInt, UInt) -> CInt
    let prctl = unsafeBitCast(try #require(dlsym(nil, "prctl")), to: Prctl.self)
    func step(_ code: UInt16, _ ifTrue: UInt8, _ ifFalse: UInt8, _ value: UInt32) -> UInt64 {
        UInt64(code) | UInt64(ifTrue) << 16 | UInt64(ifFalse) << 24 | UInt64(value) << 32
    }
    let program = [
        step(0x20, 0, 0, 0),  // Load the number of the call.
        step(0x15, 0, 1, epollControl),  // Skip the next step if it is another.
        step(0x06, 0, 0, 0x0005_0000 | UInt32(ENOSPC)),  // SECCOMP_RET_ERRNO
        step(0x06, 0, 0, 0x7FFF_0000),  // SECCOMP_RET_ALLOW
    ]
    try program.withUnsafeBufferPointer { steps in
        let start = UInt64(UInt(bitPattern: steps.baseAddress))
        try [UInt64(steps.count), start].withUnsafeBufferPointer { filter in
            let address = UInt(bitPattern: filter.baseAddress)
            try #require(prctl(38, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS")
            try #require(prctl(22, 2, address, 0, 0) == 0, "PR_SET_SECCOMP, SECCOMP_MODE_FILTER")
        }
    }
}

@Suite struct RefusalTests {
    // In a process of its own, for the filter stays.
    @Test func `a child that the kernel will not watch is killed and reaped`() async {
        await #expect(processExitsWith: .success) {
            let loop = try EventLoop()
            let null = try Files.openNull()
            try refuseToWatch()
            #expect(throws: SpawnError(.watch, .noSpace)) {
                _ = try loop.spawn(.exec("sleep", "1000"), stdio: (null.raw, null.raw, null.raw)) {
                    _ in Issue.record("told of a child that nobody has")
                }
            }
            #expect(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD, "a child is left")
            loop.close()
        }
    }
}
