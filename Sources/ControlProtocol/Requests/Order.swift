/// A request to bring programs into a state: to start, to stop or to restart them.
public protocol Order: Request where Answer == Outcomes {
    /// Patterns.
    var names: [String] { get }
    /// Whether to answer only when it is done; `nil` means yes.
    var wait: Bool? { get }
    /// The longest time to wait, in milliseconds; `nil` for as long as it takes.
    var timeoutMilliseconds: UInt? { get }

    init(names: [String], wait: Bool?, timeoutMilliseconds: UInt?)
}

extension Order where CodingKeys == OrderKeys {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: OrderKeys.self)
        self.init(
            names: try fields.decode([String].self, forKey: .names),
            wait: try fields.decodeIfPresent(Bool.self, forKey: .wait),
            timeoutMilliseconds: try fields.decodeCountIfPresent(forKey: .timeoutMilliseconds)
        )
    }
}

/// The parameters of an ``Order`` on the wire.
public enum OrderKeys: String, CodingKey, CaseIterable {
    case names, wait
    case timeoutMilliseconds = "timeout_ms"
}
