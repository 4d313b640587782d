import ArgumentParser
import ControlClient
import ControlProtocol
import LinuxSystem

extension Keepctl {
    struct Fg: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fg",
            abstract: "Connect this terminal with a program, until it ends.",
            discussion: """
                What is typed goes to its stdin, which has to be "pipe" or a terminal ("tty": true). \
                A program with a terminal gets every key; \(DetachKey.name) leaves it. From one \
                without, Ctrl-C or Ctrl-D leaves. The program runs on.
                """
        )

        @OptionGroup var global: GlobalOptions

        @Option(
            name: [.customShort("n", allowingJoined: true), .long],
            help: ArgumentHelp("How many earlier lines to show; 10 by default.", valueName: "lines")
        )
        var lines: UInt?

        @Argument(help: ArgumentHelp("The program.", valueName: "NAME"), completion: .names)
        var name: String

        func run() throws {
            var foreground = try Foreground(name, lines: lines) { () throws(ClientError) in
                try global.connect()
            }
            switch try foreground.run() {
            case .detached: Console.writeError(line: "\n\(name): runs on")
            case .ended(let message): Console.writeError(line: "\n\(name): \(message.printable)")
            }
        }
    }
}
