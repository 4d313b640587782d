import ArgumentParser
import ControlProtocol

extension Keepctl {
    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start programs.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var order: OrderOptions

        func run() throws {
            try order.carryOut(Control.Start.self, as: .start, global)
        }
    }
}
