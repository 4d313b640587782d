import LinuxSystem
import SystemPackage

/// The same command on several hosts at once, each line of its output behind the host it is from.
///
/// A process for each host: what the command does with signals, and how it fails, is what it does
/// for one host alone.
struct Fleet {
    private let members: [FleetMember]
    private let asJSON: Bool

    /// - Parameter arguments: Of the command line, without the hosts.
    init(_ hosts: [String], _ arguments: [String]) throws {
        let width = hosts.map(\.count).max() ?? 0
        asJSON = arguments.contains("--json")
        members = try hosts.map { host in
            try FleetMember(host, arguments, prefix: "\(host.padded(to: width))  ")
        }
    }

    /// Waits for all of them.
    ///
    /// - Returns: The greatest exit status.
    func run() throws -> Int32 {
        while true {
            let streams = members.flatMap { [$0.output, $0.error] }.filter(\.isOpen)
            if streams.isEmpty { break }
            let ready = try Readiness.wait(for: streams.map { $0.reading.raw })
            for member in members {
                if ready.contains(member.output.reading.raw) { try show(member) }
                if ready.contains(member.error.reading.raw) {
                    for line in try member.error.read() {
                        Console.writeError(line: member.error.prefix + line)
                    }
                }
            }
        }
        return try members.map { member throws(Errno) in try member.status() }.max() ?? 0
    }

    private func show(_ member: FleetMember) throws {
        for line in try member.output.read() {
            // Each line of JSON is a value.
            let text = asJSON ? #"{"host":"\#(member.host)","answer":\#(line)}"# : nil
            Console.write(line: text ?? member.output.prefix + line)
        }
    }
}
