extension Control {
    /// What applying the configuration on disk would change.
    public struct Plan: Codable, Equatable, Sendable {
        /// Of all of it; two plans with one hash do the same.
        public var hash: String
        /// Of the daemon itself, and `groups.NAME`; what would take a restart of it is not applied.
        public var daemon: [Key]
        /// In the order of the configuration, and then those that are gone from it.
        public var programs: [Program]

        public init(hash: String, daemon: [Key], programs: [Program]) {
            self.hash = hash
            self.daemon = daemon
            self.programs = programs
        }

        /// A key that has another value now.
        public struct Key: Codable, Equatable, Sendable {
            /// As `stop.timeout`.
            public var key: String
            /// As JSON; `nil` where the key was not there.
            @OrNull public var old: String?
            /// As JSON; `nil` where the key is no longer there.
            @OrNull public var new: String?
            public var `class`: ChangeClass

            public init(key: String, old: String?, new: String?, class: ChangeClass) {
                self.key = key
                self.old = old
                self.new = new
                self.class = `class`
            }
        }

        public struct Program: Codable, Equatable, Sendable {
            public enum Kind: String, CaseIterable, Codable, Sendable {
                case added, removed, changed, unchanged
            }

            public var program: String
            public var kind: Kind
            /// The greatest of its keys.
            public var `class`: ChangeClass
            /// Whether it starts with the daemon, and when it is added.
            public var autostart: Bool
            /// Of a program that is `changed`.
            public var keys: [Key]

            public init(
                program: String,
                kind: Kind,
                class: ChangeClass,
                autostart: Bool,
                keys: [Key]
            ) {
                self.program = program
                self.kind = kind
                self.class = `class`
                self.autostart = autostart
                self.keys = keys
            }
        }
    }
}
