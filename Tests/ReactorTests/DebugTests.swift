import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(5))) struct DebugTests {
    // In a process of its own, with an environment and a standard error of its own.
    @Test func `with REACTOR_DEBUG a call that holds the loop is told of while it does`() async {
        await #expect(processExitsWith: .success) {
            setenv("REACTOR_DEBUG", "1", 1)
            let pipe = try Pipe()
            try #require(dup2(pipe.writing.raw, STDERR_FILENO) == STDERR_FILENO)
            let loop = try EventLoop()
            var text = ""
            let call = {
                // It holds the loop until it is told that it does.
                while !text.hasSuffix("\n") {
                    var buffer = [UInt8](repeating: 0, count: 1_000)
                    let count = try buffer.withUnsafeMutableBytes {
                        try pipe.reading.read(into: $0)
                    }
                    text += String(decoding: buffer[..<(count ?? 0)], as: UTF8.self)
                }
            }
            loop.callSoon(call, file: "Module/File.swift", line: 12)
            loop.runOnce()
            loop.close()
            #expect(text.hasPrefix("the event loop is held up for "), "\(text)")
            #expect(text.hasSuffix(" by a call registered at Module/File.swift:12\n"), "\(text)")
        }
    }
}
