import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem

extension Keepctl {
    struct Logs: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "logs",
            abstract:
                "Print the end of what programs printed, each line behind its program's name.",
            discussion: "On a terminal control characters are shown, and not obeyed."
        )

        /// Each takes one of the daemon's 256 connections.
        private static let streamsMax = 100

        @OptionGroup var global: GlobalOptions

        @Flag(name: [.customShort("f"), .long], help: "Go on with what they print from now on.")
        var follow = false

        @Option(
            name: [.customShort("n", allowingJoined: true), .long],
            help: ArgumentHelp("How many lines of each; 10 by default.", valueName: "lines")
        )
        var lines: UInt?

        @Option(
            help: ArgumentHelp(
                "What was printed in the last 10m, or from a time on.",
                valueName: "time"
            )
        )
        var since: Since?

        @Flag(help: "Let a terminal obey the control characters.")
        var raw = false

        @Argument(
            help: ArgumentHelp("The programs; all by default.", valueName: "NAME"),
            completion: .names
        )
        var names: [String] = []

        func validate() throws {
            if lines != nil && since != nil {
                throw ValidationError("cannot use -n and --since at once")
            }
        }

        func run() throws {
            var client = try global.connect()
            let request = Control.Status(names: names.isEmpty ? nil : names, usage: false)
            let streams = try client.call(request).programs.flatMap { program in
                [Control.Tail.Stream.stdout, .stderr].map { stream in
                    Control.Tail(
                        name: program.name,
                        stream: stream,
                        lines: lines,
                        since: since?.text,
                        follow: follow
                    )
                }
            }
            let console = InterleavedLog(
                names: streams.map(\.name),
                paint: global.paint,
                isFiltered: !raw && Files.isTerminal(StandardStream.output.rawValue),
                asJSON: global.json
            )
            if follow {
                try self.follow(streams, into: console)
            } else {
                for stream in streams { try Logs.copy(stream, by: &client, into: console) }
            }
        }

        private func follow(_ streams: [Control.Tail], into console: InterleavedLog) throws {
            guard streams.count <= Logs.streamsMax else {
                throw ValidationError(
                    "cannot follow more than \(Logs.streamsMax / 2) programs at once"
                )
            }
            let crowd = Monitor(Crowd(living: streams.count))
            for stream in streams {
                let thread = try Thread(name: "logs") { [global] in
                    let failure = Logs.follow(stream, by: global, into: console)
                    crowd.withLock { $0.end(with: failure) }
                    crowd.signal()
                }
                thread.detach()
            }
            if let failure = crowd.wait(for: { $0.verdict }) { throw failure }
        }

        /// Those who follow one stream each.
        private struct Crowd {
            var living: Int
            var failure: ClientError?

            mutating func end(with failure: ClientError?) {
                living -= 1
                // A program that is gone is no reason to leave the others.
                if case .refused(let error) = failure, living > 0 {
                    return Console.complain(error.description)
                }
                self.failure = self.failure ?? failure
            }

            /// The first failure that ends it all or, when all are done, that there was none.
            var verdict: ClientError?? {
                if let failure { return .some(failure) }
                return living == 0 ? .some(nil) : nil
            }
        }

        private static func follow(
            _ stream: Control.Tail,
            by global: GlobalOptions,
            into console: InterleavedLog
        ) -> ClientError? {
            do {
                var client = try global.connect()
                try copy(stream, by: &client, into: console)
                return nil
            } catch {
                return error
            }
        }

        private static func copy(
            _ request: Control.Tail,
            by client: inout Client,
            into console: InterleavedLog
        ) throws(ClientError) {
            var writer = console.writer(for: request)
            try client.callMore(request) { writer.write($0) }
            writer.finish()
        }
    }
}
