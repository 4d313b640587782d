extension Control {
    /// Who has asked for something, as the kernel said when it connected.
    public struct Requester: Codable, Equatable, Sendable {
        /// The name, or the number where it has none.
        public var user: String
        public var uid: Int
        /// `nil` where the process cannot be seen by keepd.
        @OrNull public var pid: Int?
        /// As the process called itself.
        public var command: String

        public init(user: String, uid: Int, pid: Int?, command: String) {
            self.user = user
            self.uid = uid
            self.pid = pid
            self.command = command
        }
    }
}
