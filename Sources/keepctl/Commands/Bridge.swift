import ArgumentParser
import ControlClient
import LinuxSystem
import SystemPackage

extension Keepctl {
    /// The far end of `keepctl -H`: passes bytes on between standard streams and the socket.
    struct Bridge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bridge",
            abstract: "Connect standard input and output with the socket of keepd.",
            discussion: "What keepctl -H runs on the other host.",
            shouldDisplay: false
        )

        private static let bytesPerRead = 65_536

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let path = global.socketPath
            let socket: OwnedFD
            do {
                socket = try UnixSocket.connect(to: path)
            } catch .permissionDenied {
                throw ClientError.notAllowed(path: path)
            } catch {
                throw ClientError.noDaemon(path: path, reason: error.reason)
            }
            let input = StandardStream.input.rawValue
            var isOpen = true
            while true {
                let waiting = isOpen ? [socket.raw, input] : [socket.raw]
                let ready = try Readiness.wait(for: waiting)
                if ready.contains(socket.raw) {
                    let bytes = try Bridge.read(socket)
                    guard !bytes.isEmpty else { return }
                    Console.write(bytes)
                }
                if ready.contains(input) {
                    let bytes = try StandardStream.input.read(bytesMax: Bridge.bytesPerRead)
                    isOpen = !bytes.isEmpty
                    // Whoever has gone away wants no more answers either.
                    guard isOpen else { return }
                    try Bridge.write(bytes, to: socket)
                }
            }
        }

        private static func read(_ socket: borrowing OwnedFD) throws -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: bytesPerRead)
            let count = try bytes.withUnsafeMutableBytes { try socket.read(into: $0) }
            return Array(bytes.prefix(count ?? 0))
        }

        private static func write(_ bytes: [UInt8], to socket: borrowing OwnedFD) throws {
            var sent = 0
            while sent < bytes.count {
                sent +=
                    try bytes.withUnsafeBytes {
                        try socket.send(UnsafeRawBufferPointer(rebasing: $0[sent...]))
                    } ?? 0
            }
        }
    }
}
