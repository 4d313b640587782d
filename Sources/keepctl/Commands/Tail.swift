import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem

extension Keepctl {
    struct Tail: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tail",
            abstract: "Print the end of what a program printed.",
            discussion: "On a terminal its control characters are shown, and not obeyed."
        )

        @OptionGroup var global: GlobalOptions

        @Flag(name: [.customShort("f"), .long], help: "Go on with what it prints from now on.")
        var follow = false

        @Option(
            name: [.customShort("n", allowingJoined: true), .long],
            help: ArgumentHelp("How many lines; 10 by default.", valueName: "lines")
        )
        var lines: UInt?

        @Option(
            help: ArgumentHelp(
                "What was printed in the last 10m, or from a time on.",
                valueName: "time"
            )
        )
        var since: Since?

        @Option(
            name: [.customShort("c", allowingJoined: true), .long],
            help: ArgumentHelp("How many bytes.", valueName: "bytes")
        )
        var bytes: UInt?

        @Flag(help: "Let a terminal obey the control characters.")
        var raw = false

        @Argument(help: ArgumentHelp("The program.", valueName: "NAME"), completion: .names)
        var name: String

        @Argument(
            help: ArgumentHelp("stdout or stderr.", valueName: "stream"),
            completion: .list(["stdout", "stderr"]),
            transform: Tail.parse
        )
        var stream = Control.Tail.Stream.stdout

        private static func parse(_ text: String) throws -> Control.Tail.Stream {
            guard let stream = Control.Tail.Stream(rawValue: text) else {
                throw ValidationError("cannot use \"\(text)\": neither stdout nor stderr")
            }
            return stream
        }

        func validate() throws {
            if [lines != nil, bytes != nil, since != nil].count(where: \.self) > 1 {
                throw ValidationError("cannot use more than one of -n, -c and --since at once")
            }
        }

        func run() throws {
            var client = try global.connect()
            let request = Control.Tail(
                name: name,
                stream: stream,
                lines: lines,
                bytes: bytes,
                since: since?.text,
                follow: follow
            )
            let isFiltered = !raw && Files.isTerminal(StandardStream.output.rawValue)
            var filter = TerminalFilter()
            try client.callMore(request) { answer in
                if global.json {
                    Console.write(json: answer)
                    return
                }
                if let gap = answer.gap { Console.complain("\(gap) bytes are missing here") }
                Console.write(isFiltered ? filter.filter(answer.bytes) : answer.bytes)
            }
        }
    }
}
