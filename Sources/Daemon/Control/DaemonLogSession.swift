internal import ControlProtocol

/// Tells one client what keepd logs, no faster than it reads.
///
/// As ``EventSession``, it keeps nothing for it but a number.
final class DaemonLogSession {
    private static let linesPerReply = 100

    private let exchange: Exchange
    private let memory: LogMemory
    /// Of the last line that the client has been told.
    private(set) var number: Int

    init(_ exchange: Exchange, memory: LogMemory, since number: Int) {
        self.exchange = exchange
        self.memory = memory
        self.number = number
    }

    /// Sends what is new; is called again for each line, and when the client has read on.
    func goOn() {
        while exchange.isDrained {
            let (lines, gap) = memory.lines(
                after: number,
                countMax: DaemonLogSession.linesPerReply
            )
            guard !lines.isEmpty else { return }
            number += gap + lines.count
            exchange.next(Control.DaemonLog.Answer(lines: lines, gap: gap > 0 ? gap : nil))
        }
    }
}
