extension Control {
    /// What it takes for a changed key to come into effect; the greater, the more is disturbed.
    public enum ChangeClass: String, CaseIterable, Codable, Comparable, Sendable {
        /// Nothing.
        case none
        /// The running program takes it over.
        case live
        case restart
        /// The program is stopped and forgotten, and made anew.
        case replace

        public static func < (left: Self, right: Self) -> Bool {
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
}
