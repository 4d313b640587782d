/// The namespace of the methods of `org.varlink.service` as types.
public enum Service {
    /// The parameters of `GetInfo`.
    public struct Introduction: Request {
        public static let method = Method.getInfo

        public init() {}

        public enum CodingKeys: CodingKey, CaseIterable {}

        public struct Answer: Codable, Equatable, Sendable {
            public var vendor: String
            public var product: String
            public var version: String
            public var url: String
            public var interfaces: [String]

            /// keepd's own.
            public init(version: String) {
                vendor = "keepd"
                product = "keepd"
                self.version = version
                url = ""
                interfaces = Interface.allCases.map(\.rawValue).sorted()
            }
        }
    }

    /// The parameters of `GetInterfaceDescription`.
    public struct InterfaceDescription: Request {
        public static let method = Method.getInterfaceDescription

        public var interface: String

        public init(interface: String) {
            self.interface = interface
        }

        /// Answers the call.
        ///
        /// - Throws: `.interfaceNotFound`.
        public func answer() throws(ControlError) -> Answer {
            guard let interface = Interface(rawValue: interface) else {
                throw .interfaceNotFound(interface: interface)
            }
            return Answer(description: interface.description)
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case interface
        }

        public struct Answer: Codable, Equatable, Sendable {
            public var description: String

            public init(description: String) {
                self.description = description
            }
        }
    }
}
