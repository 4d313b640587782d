import ArgumentParser
import ControlProtocol

extension Keepctl {
    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop programs, and everything they have started."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var order: OrderOptions

        func run() throws {
            try order.carryOut(Control.Stop.self, as: .stop, global)
        }
    }
}
