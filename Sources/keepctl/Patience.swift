import ArgumentParser

/// How long to wait until it is done, for commands that change programs.
struct Patience: ParsableArguments {
    @Flag(name: .customLong("no-wait"), help: "Do not wait until it is done.")
    var isNotWaiting = false

    @Option(
        help: ArgumentHelp("The longest time to wait: 500ms, 1.5s, 2m, 1h.", valueName: "time"),
        transform: Duration.init(parsing:)
    )
    var timeout: Duration?

    var timeoutMilliseconds: UInt? { timeout?.wholeMilliseconds }
}
