import ArgumentParser
import ControlProtocol

extension Keepctl {
    struct Restart: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop programs and start them again."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var order: OrderOptions

        func run() throws {
            try order.carryOut(Control.Restart.self, as: .restart, global)
        }
    }
}
