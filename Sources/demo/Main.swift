/// What `config/demo.json` runs: small programs with the habits of real ones, in one binary, so
/// that a first look at keepd needs nothing else on the machine.
@main
struct Main {
    private static let usage = """
        usage: demo web PORT       serve a page on 127.0.0.1
               demo worker         do something every second
               demo flaky          crash every now and then
               demo slow-stopper   take three seconds to stop
        """

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("web", 2): serve(on: arguments[1])
        case ("worker", 1): work()
        case ("flaky", 1): crashSoon()
        case ("slow-stopper", 1): stopSlowly()
        default: leave(usage, status: 64)
        }
    }

    private static func serve(on argument: String) -> Never {
        guard let port = UInt16(argument), port > 0 else {
            leave("demo: cannot listen on \"\(argument)\": not a port", status: 64)
        }
        do {
            var server = try WebServer(port: port)
            server.run()
        } catch {
            leave("demo: \(error)", status: 1)
        }
    }
}
