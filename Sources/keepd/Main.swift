public import ArgumentParser
public import Daemon

@main struct Program: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keepd",
        abstract: "Keeps programs running.",
        version: Keepd.version,
        subcommands: [Run.self, Check.self, Schema.self, Import.self, AfterService.self],
        defaultSubcommand: Run.self
    )
}

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run in the foreground until told to stop (the default).",
        usage: """
            keepd [run] [--config <file>] [<options>]
            keepd run [<options>] -- <command> ...
            """
    )

    @OptionGroup var file: ConfigurationOption

    @Option(
        name: .long,
        help: "Where to listen, in place of what the configuration says.",
        completion: .file()
    )
    var socket: String?

    @Option(name: .long, help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel?

    @Option(name: .long, help: "The form of keepd's own lines: auto, text, json or journal.")
    var logFormat = Options.LogFormatName.auto

    @Option(name: .long, help: "auto, always or never.")
    var color = Options.ColorChoice.auto

    @Flag(
        inversion: .prefixedNo,
        help: """
            Start as the child of keepd-holder, so that programs survive a crash of keepd; the \
            default for process 1 alone.
            """
    )
    var holder: Bool?

    @Argument(
        parsing: .postTerminator,
        help: "A program to run and its arguments, in place of a configuration."
    )
    var command: [String] = []

    @Option(
        name: .customLong("check-handover"),
        help: ArgumentHelp(
            "Say whether the state in a descriptor can be gone on from.",
            visibility: .hidden
        )
    )
    var handoverDescriptor: Int32?

    func validate() throws {
        guard command.isEmpty || file.config == nil else {
            throw ValidationError("a command and a configuration exclude each other")
        }
        // Whoever forgot the command does not mean the configuration that happens to be there.
        guard !command.isEmpty || CommandLine.arguments.last != "--" else {
            throw ValidationError("expected a command after --")
        }
    }

    func run() throws {
        var options = file.options
        options.command = command
        options.socketPath = socket
        options.logLevel = logLevel?.rawValue
        options.logFormat = logFormat
        options.color = color
        options.holder = holder
        if let handoverDescriptor {
            throw ExitCode(Keepd.checkHandover(handoverDescriptor).rawValue)
        }
        throw ExitCode(Keepd.run(options))
    }
}

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load the configuration and print every error in it."
    )

    @OptionGroup var file: ConfigurationOption

    func run() throws {
        throw ExitCode(Keepd.check(file.options).rawValue)
    }
}

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of the configuration, for editors."
    )

    func run() {
        print(String(decoding: PackageResources.keepd_schema_json, as: UTF8.self), terminator: "")
    }
}

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a supervisord.conf or a Procfile is as a configuration of keepd."
    )

    @Argument(help: "The file.", completion: .file())
    var file: String

    func run() throws {
        throw ExitCode(Keepd.importConfiguration(file).rawValue)
    }
}

struct AfterService: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Clear up after keepd; systemd runs it.",
        shouldDisplay: false
    )

    @Argument(help: "The job of the unit, if a stop or a restart was asked for.")
    var job = ""

    func run() {
        Keepd.clearUpAfterService(hasJob: !job.isEmpty)
    }
}

struct ConfigurationOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.", completion: .file())
    var config: String?

    var options: Options {
        var options = Options()
        options.configurationPath = config
        return options
    }
}

enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
}

extension Options.LogFormatName: ExpressibleByArgument {}
extension Options.ColorChoice: ExpressibleByArgument {}
