/// What it takes to bring a change of one key into effect; in rising order.
public enum ChangeClass: String, CaseIterable, Comparable, Sendable {
    /// Nothing: it is for reading, or for the next start of keepd.
    case none
    /// It is in effect at once, and no process notices.
    case live
    /// The instances are restarted; of keepd's own keys, keepd itself has to be.
    case restart
    /// The program is stopped and forgotten, and begun anew.
    case replace

    public static func < (left: ChangeClass, right: ChangeClass) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .none: 0
        case .live: 1
        case .restart: 2
        case .replace: 3
        }
    }
}
