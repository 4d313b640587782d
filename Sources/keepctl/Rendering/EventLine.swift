import ControlProtocol
import LinuxSystem
import SystemTypes

/// One event, on one line.
struct EventLine {
    private static let widthOfName = 16
    private static let widthOfState = 10

    let text: String

    init(_ event: Control.Event, zone: WallTime.Zone, paint: Paint) {
        let time = WallTime(rfc3339: event.at)?.text(in: zone) ?? event.at
        // Colours have no width.
        let blanks = max(1, EventLine.widthOfState - event.state.rawValue.count)
        text =
            "\(time.printable)  \(event.name.printable.padded(to: EventLine.widthOfName)) "
            + paint.word(for: event.state) + String(repeating: " ", count: blanks)
            + event.message.printable
    }
}
