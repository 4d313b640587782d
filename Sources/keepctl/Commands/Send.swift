import ArgumentParser
import ControlClient
import ControlProtocol

extension Keepctl {
    struct Send: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "send",
            abstract: "Give a program a line to read.",
            discussion: "Its stdin has to be \"pipe\"."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The program.", valueName: "NAME"), completion: .names)
        var name: String

        @Argument(help: ArgumentHelp("The line; words are joined by blanks.", valueName: "TEXT"))
        var words: [String]

        func run() throws {
            let line = "\(words.joined(separator: " "))\n"
            var client = try global.connect()
            let answer = try client.call(Control.WriteStdin(name: name, bytes: Array(line.utf8)))
            if global.json {
                Console.write(json: answer)
            } else {
                Console.write(line: "\(name): sent")
            }
        }
    }
}
