/// As it was written.
extension CronExpression: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        try text.encode(to: encoder)
    }
}
